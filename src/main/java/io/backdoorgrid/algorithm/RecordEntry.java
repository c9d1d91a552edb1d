package io.backdoorgrid.algorithm;

import io.backdoorgrid.grid.Catalog;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A record as the grid sees it: its components are the hyperparameters. */
final class RecordEntry<T> implements Catalog.Entry {

  private final String name;
  private final T prototype;
  private final Set<String> uses;
  private final Map<String, RecordComponent> components = new LinkedHashMap<>();

  RecordEntry(String name, T prototype, Set<String> uses) {
    this.name = name;
    this.prototype = prototype;
    this.uses = Set.copyOf(uses);
    for (RecordComponent component : prototype.getClass().getRecordComponents()) {
      components.put(Keys.kebab(component.getName()), component);
    }
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
    return values(prototype);
  }

  @Override
  public Map<String, Object> complete(Map<String, Object> given) {
    return values(create(given));
  }

  @Override
  public Set<String> uses() {
    return uses;
  }

  /** The record with {@code given} laid over the defaults. */
  T create(Map<String, Object> given) {
    for (String key : given.keySet()) {
      Checks.require(
          components.containsKey(key),
          "%s has no '%s', only %s",
          name,
          key,
          components.isEmpty() ? "its defaults" : components.keySet());
    }
    Object[] arguments =
        components.entrySet().stream()
            .map(
                entry ->
                    given.containsKey(entry.getKey())
                        ? Values.toJava(
                            entry.getKey(), entry.getValue().getType(), given.get(entry.getKey()))
                        : read(entry.getValue(), prototype))
            .toArray();
    return construct(arguments);
  }

  private Map<String, Object> values(T instance) {
    var values = new LinkedHashMap<String, Object>();
    components.forEach(
        (key, component) -> values.put(key, Values.toGrid(read(component, instance))));
    return values;
  }

  private static Object read(RecordComponent component, Object instance) {
    try {
      return component.getAccessor().invoke(instance);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  @SuppressWarnings("unchecked") // the class is the prototype's
  private T construct(Object[] arguments) {
    Class<?>[] types =
        Arrays.stream(prototype.getClass().getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = prototype.getClass().getDeclaredConstructor(types);
      return (T) constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException mistake) {
        throw mistake;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(prototype.getClass() + " cannot be constructed", e);
    }
  }
}
