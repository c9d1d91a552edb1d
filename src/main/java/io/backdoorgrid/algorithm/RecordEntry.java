package io.backdoorgrid.algorithm;

import io.backdoorgrid.grid.Catalog;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A record as the grid sees it: its components are the hyperparameters. A component that is a
 * record itself, which several algorithms may share, contributes its own in its place.
 */
final class RecordEntry<T> implements Catalog.Entry {

  private final String name;
  private final T prototype;
  private final Set<String> uses;
  private final Map<String, Object> defaults;
  private final Map<String, Map<String, Object>> presets;
  private final Set<String> later = new HashSet<>();

  RecordEntry(String name, T prototype, Map<String, ? extends T> presets, Set<String> uses) {
    this.name = name;
    this.prototype = prototype;
    this.uses = Set.copyOf(uses);
    this.defaults = values(prototype);
    // Maps of constants have no order; messages need one.
    var byName = new TreeMap<String, Map<String, Object>>();
    presets.forEach((preset, instance) -> byName.put(preset, values(instance)));
    this.presets = Collections.unmodifiableMap(byName);
    visit(
        prototype,
        (component, value) -> {
          if (component.isAnnotationPresent(AddedLater.class)) {
            later.add(key(component));
          }
        });
  }

  static Algorithm annotation(Object prototype) {
    Algorithm annotation = prototype.getClass().getAnnotation(Algorithm.class);
    Checks.require(
        annotation != null && prototype instanceof Record,
        "%s is no record with @Algorithm",
        prototype.getClass());
    return annotation;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int version() {
    return annotation(prototype).version();
  }

  @Override
  public Map<String, Object> defaults() {
    return defaults;
  }

  @Override
  public Map<String, Map<String, Object>> presets() {
    return presets;
  }

  @Override
  public Map<String, Object> complete(Map<String, Object> given) {
    var complete = new LinkedHashMap<>(values(create(given)));
    complete.entrySet().removeIf(this::isAsBefore);
    return Collections.unmodifiableMap(complete);
  }

  private boolean isAsBefore(Map.Entry<String, Object> setting) {
    return later.contains(setting.getKey())
        && setting.getValue().equals(defaults.get(setting.getKey()));
  }

  @Override
  public Set<String> uses() {
    return uses;
  }

  /** The record with {@code given} laid over the defaults. */
  @SuppressWarnings("unchecked") // the class is the prototype's
  T create(Map<String, Object> given) {
    for (String key : given.keySet()) {
      Checks.require(
          defaults.containsKey(key),
          "%s has no '%s', only %s",
          name,
          key,
          defaults.isEmpty() ? "its defaults" : defaults.keySet());
    }
    return (T) overlay(prototype, given);
  }

  private static Map<String, Object> values(Object instance) {
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

  /** Shows every hyperparameter with its value, those of inner records in their place. */
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

  private static Object overlay(Object prototype, Map<String, Object> given) {
    RecordComponent[] components = prototype.getClass().getRecordComponents();
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < arguments.length; i++) {
      Object standard = read(components[i], prototype);
      String key = key(components[i]);
      arguments[i] =
          standard instanceof Record
              ? overlay(standard, given)
              : given.containsKey(key)
                  ? ComponentValues.toJava(key, components[i].getType(), given.get(key))
                  : standard;
    }
    return construct(prototype.getClass(), components, arguments);
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
