package io.backdoorgrid.model.io;

import static io.backdoorgrid.model.io.ModelFileException.require;

import io.backdoorgrid.model.io.Inert.Global;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What {@code torch.save} writes into a pickle: storages, tensors that look at them, parameters.
 */
final class TorchObjects implements Pickle.Builder {

  /**
   * Numbers that tensors share.
   *
   * @param count of numbers
   */
  record Storage(String key, NumberType type, long count) {}

  /**
   * A tensor: a look at a storage. Offset and strides are counted in numbers.
   *
   * @param strides how far the next number along each edge is
   */
  record View(Storage storage, long offset, long[] shape, long[] strides) {}

  private static final int MOST_EDGES = 16;

  /** Functions that only pass on their first argument. */
  private static final Set<String> WRAPPERS =
      Set.of("torch._utils._rebuild_parameter", "torch.nn.parameter.Parameter");

  /** Classes of plain values, made of nothing that matters for weights. */
  private static final Set<String> PLAIN =
      Set.of("torch.Size", "torch.device", "builtins.set", "__builtin__.set");

  private final Function<Storage, Storage> known;

  /**
   * @param known is told of each storage that is mentioned, and may refuse it
   */
  TorchObjects(Function<Storage, Storage> known) {
    this.known = known;
  }

  @Override
  public Object load(Object id) {
    require(
        id instanceof List<?> list && list.size() >= 5 && "storage".equals(list.get(0)),
        "the pickle refers to something else than a storage");
    List<?> parts = (List<?>) id;
    require(
        parts.size() == 5 || parts.get(5) == null,
        "a storage that looks at another, as PyTorch wrote before 0.4");
    require(parts.get(1) instanceof Global, "a storage has no class");
    Global type = (Global) parts.get(1);
    var numbers = NumberType.ofStorage(type.name());
    require(type.module().equals("torch") && numbers.isPresent(), "a storage is a %s", type);
    require(
        parts.get(2) instanceof String && parts.get(4) instanceof Long,
        "a storage has no key or no size");
    long count = (Long) parts.get(4);
    require(count >= 0 && count <= Integer.MAX_VALUE, "a storage has %d numbers", count);
    return known.apply(new Storage((String) parts.get(2), numbers.get(), count));
  }

  @Override
  public Object call(Global function, List<Object> arguments) {
    String name = function.toString();
    if (name.equals("torch._utils._rebuild_tensor_v2")
        || name.equals("torch._utils._rebuild_tensor")) {
      return view(arguments);
    }
    if (name.equals("collections.OrderedDict")) {
      return dictionary(arguments);
    }
    if (WRAPPERS.contains(name)) {
      require(!arguments.isEmpty(), "a parameter of nothing");
      return arguments.get(0);
    }
    return PLAIN.contains(name) ? List.copyOf(notNull(arguments)) : null;
  }

  private static List<Object> notNull(List<Object> values) {
    return values.stream().filter(value -> value != null).toList();
  }

  /** Empty, or made of a list of pairs. */
  private static Pickle.Dictionary dictionary(List<Object> arguments) {
    var dictionary = new Pickle.Dictionary();
    if (!arguments.isEmpty() && arguments.get(0) instanceof List<?> pairs) {
      for (Object pair : pairs) {
        require(pair instanceof List<?> list && list.size() == 2, "a dictionary of no pairs");
        dictionary.put(((List<?>) pair).get(0), ((List<?>) pair).get(1));
      }
    }
    return dictionary;
  }

  private static View view(List<Object> arguments) {
    require(
        arguments.size() >= 4
            && arguments.get(0) instanceof Storage
            && arguments.get(1) instanceof Long,
        "a tensor without a storage");
    var storage = (Storage) arguments.get(0);
    long offset = (Long) arguments.get(1);
    long[] shape = longs(arguments.get(2));
    long[] strides = longs(arguments.get(3));
    require(shape.length == strides.length, "a tensor has %d edges", shape.length);
    requireWithin(storage, offset, shape, strides);
    return new View(storage, offset, shape, strides);
  }

  private static void requireWithin(Storage storage, long offset, long[] shape, long[] strides) {
    try {
      long size = 1;
      long last = offset;
      for (int i = 0; i < shape.length; i++) {
        size = Math.multiplyExact(size, shape[i]);
        last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[i] - 1), strides[i]));
      }
      require(
          offset >= 0 && (size == 0 || last < storage.count()),
          "a tensor reaches to number %d of a storage of %d",
          last,
          storage.count());
      require(size * storage.type().bytes() <= Integer.MAX_VALUE - 8, "a tensor has over 2 GiB");
    } catch (ArithmeticException e) {
      throw new ModelFileException("a tensor has numbers beyond all storages");
    }
  }

  private static long[] longs(Object value) {
    require(value instanceof List<?> list && list.size() <= MOST_EDGES, "a tensor has no shape");
    List<?> list = (List<?>) value;
    long[] longs = new long[list.size()];
    for (int i = 0; i < longs.length; i++) {
      require(
          list.get(i) instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE,
          "a tensor has an edge or a stride of %s",
          list.get(i));
      longs[i] = (Long) list.get(i);
    }
    return longs;
  }
}
