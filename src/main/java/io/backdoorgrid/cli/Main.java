package io.backdoorgrid.cli;

import io.backdoorgrid.analysis.Analysis;
import io.backdoorgrid.analysis.AnalysisSettings.TriggeredLabels;
import io.backdoorgrid.analysis.MapNorm;
import io.backdoorgrid.analysis.Tap;
import io.backdoorgrid.cli.option.DeviceOptions;
import io.backdoorgrid.cli.option.NameConverter;
import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.grid.GridException;
import io.backdoorgrid.model.io.ModelFileException;
import io.backdoorgrid.run.RunException;
import io.backdoorgrid.run.host.SparkLauncher;
import io.backdoorgrid.run.host.Version;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.torch.Precision;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code backdoor-grid}. */
@Command(
    name = "backdoor-grid",
    description = "Runs grids of backdoor attacks against defenses and makes tables of them.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionProvider.class,
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      StatusCommand.class,
      TableCommand.class,
      VerifyCommand.class,
      CompactCommand.class,
      RedoCommand.class,
      DeleteCommand.class,
      GcCommand.class,
      ImportCommand.class,
      AnalyseCommand.class,
      InspectCommand.class,
      DefendCommand.class,
      ExportCommand.class,
      ShowCommand.class,
      ListCommand.class,
      BenchCommand.class,
      HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all trials are done",
      "1:some trials failed, victims to analyse are missing, files are damaged, --strict refused the table, or the run was cut off",
      "2:a mistake in the command, the grid file or the folders it names",
      "3:inspect found what --fail-on names"
    })
public final class Main {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int MISTAKE = 2;

  Main() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) throws Exception {
    PrintWriter out = writer(System.out);
    PrintWriter err = writer(System.err);
    int exitCode = run(out, err, arguments);
    out.flush();
    err.flush();
    SparkLauncher.exit(exitCode);
  }

  /** The lines of tables need UTF-8, whatever the platform's charset is. */
  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    // What is printed is English, its numbers too; and libraries forget locales where machines
    // read.
    Locale.setDefault(Locale.ENGLISH);
    var commands = new CommandLine(new Main());
    NameConverter.register(commands, Analysis.class);
    NameConverter.register(commands, DeviceOptions.Kind.class);
    NameConverter.register(commands, ExportCommand.Format.class);
    NameConverter.register(commands, InspectCommand.Condition.class);
    NameConverter.register(commands, MapNorm.class);
    NameConverter.register(commands, Precision.class);
    NameConverter.register(commands, Tap.class);
    NameConverter.register(commands, TriggeredLabels.class);
    return commands
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler((error, parsed) -> explain(error))
        .setExecutionExceptionHandler((error, command, parsed) -> explain(error, command))
        .execute(arguments);
  }

  private static int explain(ParameterException error) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    String message =
        error.getMessage().replaceFirst("is not an? (long|int)$", "is not a whole number");
    err.println(command.getColorScheme().errorText(message));
    UnmatchedArgumentException.printSuggestions(error, err);
    err.printf("'%s --help' shows what there is%n", command.getCommandSpec().qualifiedName());
    return MISTAKE;
  }

  /** A person's mistake gets one line; only our own get a stack trace. */
  private static int explain(Exception error, CommandLine command) {
    if (error instanceof GridException
        || error instanceof BadDataException
        || error instanceof ModelFileException
        || error instanceof StoreException
        || error instanceof UsageException) {
      command.getErr().println(command.getColorScheme().errorText(error.getMessage()));
      return MISTAKE;
    }
    if (error instanceof RunException) {
      command.getErr().println(command.getColorScheme().errorText(error.getMessage()));
      return FAILED;
    }
    command.getErr().println("This is a bug in BackdoorGrid:");
    error.printStackTrace(command.getErr());
    return FAILED;
  }

  static final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"BackdoorGrid %s (%s)".formatted(Version.number(), Version.commit())};
    }
  }
}
