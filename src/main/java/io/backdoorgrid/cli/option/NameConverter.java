package io.backdoorgrid.cli.option;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Takes a choice by its name in kebab-case, as grid files do; Picocli's own converter knows the
 * names of Java alone.
 *
 * @param <E> the choices
 */
public final class NameConverter<E extends Enum<E>> implements ITypeConverter<E> {

  private final List<E> choices;

  private NameConverter(Class<E> choices) {
    this.choices = Arrays.asList(choices.getEnumConstants());
  }

  /** Lets all options of the commands take these choices so. */
  public static <E extends Enum<E>> void register(CommandLine commands, Class<E> choices) {
    commands.registerConverter(choices, new NameConverter<>(choices));
  }

  @Override
  public E convert(String given) {
    return choices.stream()
        .filter(choice -> name(choice).equals(given))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of %s but was '%s'"
                        .formatted(choices.stream().map(NameConverter::name).toList(), given)));
  }

  private static String name(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
