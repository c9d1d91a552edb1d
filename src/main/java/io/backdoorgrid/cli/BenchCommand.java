package io.backdoorgrid.cli;

import ai.djl.Device;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.backdoorgrid.bench.Bench;
import io.backdoorgrid.bench.Machine;
import io.backdoorgrid.bench.Measurement;
import io.backdoorgrid.cli.option.Cache;
import io.backdoorgrid.cli.option.DeviceOptions;
import io.backdoorgrid.run.schedule.BenchedSpeeds;
import io.backdoorgrid.torch.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures this machine. */
@Command(
    name = "bench",
    description = {
      "Measures how fast this machine trains, evaluates and defends, beside the best rate of its"
          + " convolutions and matrix products. Takes about ten minutes; nothing else should run."
          + " What a trial costs beside its defense is measured on the processor alone."
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

  /** Cores; a tenth of one is what a quiet system needs for itself. */
  private static final double TOLERABLE_LOAD = 0.1;

  @Mixin private DeviceOptions device;
  @Spec private CommandSpec spec;

  @Option(
      names = "--width",
      paramLabel = "N",
      split = ",",
      description = "widths of the ResNet-18s; default: ${DEFAULT-VALUE}",
      defaultValue = "16,32,64")
  private List<Integer> widths;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      split = ",",
      description = "default: ${DEFAULT-VALUE}",
      defaultValue = "float32,bfloat16")
  private List<Precision> precisions;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads that operators use; default: as many as there are cores")
  private Integer threads;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      description = "of every quantity; default: ${DEFAULT-VALUE}",
      defaultValue = "5")
  private int repeats;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "trains on the CIFAR-10 that is there; default: on noise of its size")
  private Path dataDirectory;

  @Option(names = "--json", description = "prints JSON with every single value")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    for (int width : widths) {
      requireAtLeastOne("--width", width);
    }
    requireAtLeastOne("--repeats", repeats);
    int cores = Runtime.getRuntime().availableProcessors();
    int used = threads == null ? cores : threads;
    requireAtLeastOne("--threads", used);
    Device computing = device.gpus() > 0 ? Device.gpu(0) : Device.cpu();
    var options =
        new Bench.Options(
            widths, precisions, computing, used, repeats, Optional.ofNullable(dataDirectory));
    PrintWriter out = spec.commandLine().getOut();
    Machine machine = Machine.here(used, computing);
    // It takes minutes: who asks for JSON sees the lines beside it.
    var lines = new BenchLines(json ? spec.commandLine().getErr() : out);
    lines.machine(machine);
    var bench = new Bench(options, lines::measured);
    List<Measurement> measurements = bench.run();
    double otherLoad = bench.otherLoad().orElse(Double.NaN);
    if (json) {
      out.println(json(machine, otherLoad, measurements));
    }
    if (!computing.isGpu() && !(otherLoad > TOLERABLE_LOAD)) {
      keep(bench.speeds());
    }
    if (otherLoad > TOLERABLE_LOAD) {
      spec.commandLine()
          .getErr()
          .printf(
              "other programs kept %.1f cores busy meanwhile: the rates are too low%n", otherLoad);
    }
    return Main.DONE;
  }

  /** For plans; a folder that cannot be written costs them no more than a rougher estimate. */
  private void keep(BenchedSpeeds speeds) {
    try {
      speeds.write(Cache.directory(), Machine.processors());
    } catch (IOException e) {
      spec.commandLine().getErr().printf("plan will not know of this benchmark: %s%n", e);
    }
  }

  private static void requireAtLeastOne(String option, int value) {
    if (value < 1) {
      throw new UsageException("%s must be at least 1, got %d".formatted(option, value));
    }
  }

  private static String json(Machine machine, double otherLoad, List<Measurement> measurements)
      throws JsonProcessingException {
    var root = new LinkedHashMap<String, Object>();
    root.put("machine", machine);
    root.put("other-load", Double.isNaN(otherLoad) ? null : otherLoad);
    root.put("measurements", measurements.stream().map(BenchCommand::json).toList());
    return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(root);
  }

  private static Map<String, Object> json(Measurement measurement) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("subject", measurement.subject());
    fields.put("quantity", measurement.quantity());
    fields.put("unit", measurement.unit().toString());
    fields.put("median", measurement.median());
    fields.put("values", measurement.values());
    return fields;
  }
}
