package io.backdoorgrid.algorithm;

import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Catalog.Hyperparameter;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The components of a record by the keys of grid files. A component that is a record itself
 * contributes its own components in its place, so several algorithms can share it.
 */
public final class Hyperparameters {

  private Hyperparameters() {}

  /**
   * The record with other values for some hyperparameters.
   *
   * @param changes as a grid file writes them: {@code learning-rate}, and {@code all-to-one} for a
   *     constant of an enum
   * @throws IllegalArgumentException naming hyperparameter and value, if no hyperparameter has that
   *     name or the value is impossible
   */
  public static <T extends Record> T with(T record, Map<String, ?> changes) {
    requireKnown(record.getClass().getSimpleName(), values(record).keySet(), changes.keySet());
    return overlay(record, changes);
  }

  static void requireKnown(String owner, Set<String> known, Set<String> given) {
    for (String key : given) {
      Checks.require(
          known.contains(key),
          "%s has no '%s', only %s",
          owner,
          key,
          known.isEmpty() ? "its defaults" : known);
    }
  }

  /** Every hyperparameter with its value as a grid file writes it. */
  static Map<String, Object> values(Object instance) {
    var values = new LinkedHashMap<String, Object>();
    visit(
        instance,
        (component, value) -> {
          if (values.put(key(component), ComponentValues.toGrid(value)) != null) {
            throw new IllegalStateException(component + " has the name of another hyperparameter");
          } else if (key(component).equals(Catalog.PRESET)) {
            throw new IllegalStateException(component + " has the key that names presets");
          }
        });
    return Collections.unmodifiableMap(values);
  }

  /** Those that are {@link AddedLater}. */
  static Set<String> later(Object instance) {
    var later = new HashSet<String>();
    visit(
        instance,
        (component, value) -> {
          if (component.isAnnotationPresent(AddedLater.class)) {
            later.add(key(component));
          }
        });
    return later;
  }

  /** The former keys of renamed hyperparameters by their current keys; see {@link Formerly}. */
  static Map<String, String> formerKeys(Object instance) {
    var former = new HashMap<String, String>();
    visit(
        instance,
        (component, value) -> {
          Formerly renamed = component.getAnnotation(Formerly.class);
          if (renamed != null) {
            former.put(key(component), renamed.value());
          }
        });
    return former;
  }

  /** What its Javadoc says of every hyperparameter. */
  static Map<String, Hyperparameter> documented(Object instance) {
    var documented = new LinkedHashMap<String, Hyperparameter>();
    visit(
        instance,
        (component, value) -> documented.put(key(component), Documentation.of(component)));
    return documented;
  }

  private static void visit(Object instance, BiConsumer<RecordComponent, Object> visitor) {
    for (RecordComponent component : instance.getClass().getRecordComponents()) {
      Object value = read(component, instance);
      if (value instanceof Record) {
        visit(value, visitor);
      } else {
        visitor.accept(component, value);
      }
    }
  }

  /** The record with the {@code given} values in place of its own; other keys are ignored. */
  @SuppressWarnings("unchecked") // the class is the instance's
  static <T> T overlay(T instance, Map<String, ?> given) {
    RecordComponent[] components = instance.getClass().getRecordComponents();
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < arguments.length; i++) {
      Object standard = read(components[i], instance);
      String key = key(components[i]);
      arguments[i] =
          standard instanceof Record
              ? overlay(standard, given)
              : given.containsKey(key)
                  ? ComponentValues.toJava(key, components[i].getType(), given.get(key))
                  : standard;
    }
    return (T) construct(instance.getClass(), components, arguments);
  }

  private static String key(RecordComponent component) {
    return Keys.kebab(component.getName());
  }

  private static Object read(RecordComponent component, Object instance) {
    try {
      return component.getAccessor().invoke(instance);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  private static Object construct(Class<?> type, RecordComponent[] components, Object[] arguments) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException mistake) {
        throw mistake;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be constructed", e);
    }
  }
}
