package io.backdoorgrid.cli.option;

import io.backdoorgrid.analysis.Analysis;
import io.backdoorgrid.analysis.AnalysisSettings.TriggeredLabels;
import io.backdoorgrid.analysis.MapNorm;
import io.backdoorgrid.analysis.Tap;
import io.backdoorgrid.torch.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Takes a choice by its name in kebab-case.
 *
 * @param <E> the choices
 */
public abstract class NameConverter<E extends Enum<E>> implements ITypeConverter<E> {

  private final Class<E> choices;

  private NameConverter(Class<E> choices) {
    this.choices = choices;
  }

  @Override
  public E convert(String given) {
    List<E> all = Arrays.asList(choices.getEnumConstants());
    return all.stream()
        .filter(choice -> name(choice).equals(given))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of %s but was '%s'"
                        .formatted(all.stream().map(NameConverter::name).toList(), given)));
  }

  private static String name(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static final class OfAnalysis extends NameConverter<Analysis> {
    OfAnalysis() {
      super(Analysis.class);
    }
  }

  static final class OfDevice extends NameConverter<DeviceOptions.Kind> {
    OfDevice() {
      super(DeviceOptions.Kind.class);
    }
  }

  public static final class OfPrecision extends NameConverter<Precision> {
    OfPrecision() {
      super(Precision.class);
    }
  }

  public static final class OfTap extends NameConverter<Tap> {
    OfTap() {
      super(Tap.class);
    }
  }

  public static final class OfMapNorm extends NameConverter<MapNorm> {
    OfMapNorm() {
      super(MapNorm.class);
    }
  }

  public static final class OfTriggeredLabels extends NameConverter<TriggeredLabels> {
    OfTriggeredLabels() {
      super(TriggeredLabels.class);
    }
  }
}
