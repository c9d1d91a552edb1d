package io.backdoorgrid.cli.option;

import ai.djl.Device;
import io.backdoorgrid.cli.UsageException;
import io.backdoorgrid.torch.Torch;
import picocli.CommandLine.Option;

/** What this machine computes on. */
public final class DeviceOptions {

  /** A choice of them. */
  public enum Kind {
    CPU,
    GPU
  }

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "cpu, or gpu for those of this machine; default: ${DEFAULT-VALUE}",
      defaultValue = "cpu")
  private Kind kind;

  /**
   * @throws UsageException if GPUs of this machine are asked for, and tasks run on {@code cluster}
   */
  public void refuseGpus(String cluster) {
    if (kind == Kind.GPU) {
      throw new UsageException(
          "--device gpu is for this machine; on %s, Spark gives tasks the GPUs that its settings name"
              .formatted(cluster));
    }
  }

  /**
   * How many GPUs to compute on; 0 for the CPU.
   *
   * @throws UsageException if GPUs are asked for, and libtorch does not compute on them
   */
  public int gpus() {
    if (kind == Kind.CPU) {
      return 0;
    }
    int gpus = Torch.gpus();
    if (gpus == 0) {
      throw new UsageException("--device gpu: this machine has no GPU, or no CUDA");
    }
    Torch.reasonAgainst(Device.gpu(0))
        .ifPresent(
            reason -> {
              throw new UsageException(
                  "--device gpu: this libtorch does not compute on it (PYTORCH_LIBRARY_PATH names"
                      + " one for CUDA): "
                      + reason);
            });
    return gpus;
  }
}
