package io.backdoorgrid.model.io;

import static io.backdoorgrid.model.io.ModelFileException.require;

import io.backdoorgrid.grid.Names;
import io.backdoorgrid.model.io.Inert.Global;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads Python's pickles as data. A pickle is a program for a small stack machine that may import
 * and call anything; here nothing is imported or called. Names stay names ({@link Global}), calls
 * stay {@link Inert}, but for those that a {@link Builder} knows.
 *
 * <p>Dictionaries become {@link Dictionary}, lists and tuples lists, whole numbers {@link Long} or
 * {@link BigInteger}, texts strings, None null. No length is trusted, steps and bytes are limited,
 * and nothing recurses.
 */
final class Pickle {

  /** Makes what a pickle asks for, if it is known. */
  interface Builder {

    /** Something outside the pickle, such as a tensor's numbers. */
    Object load(Object id);

    /**
     * @return null for a call that is not known
     */
    Object call(Global function, List<Object> arguments);
  }

  /** A dictionary in its order. Entries whose keys are neither texts nor numbers are left out. */
  static final class Dictionary {
    private Map<Object, Object> entries = Map.of();

    void put(Object key, Object value) {
      if (entries.isEmpty()) {
        entries = new LinkedHashMap<>();
      }
      if (key instanceof String || key instanceof Long || key instanceof Boolean) {
        entries.put(key, value);
      }
    }

    Map<Object, Object> entries() {
      return Collections.unmodifiableMap(entries);
    }

    Object get(String key) {
      return entries.get(key);
    }
  }

  /** A dictionary of 50,000 images takes one million. */
  private static final int MOST_STEPS = 3_000_000;

  private static final int MOST_LINE = 4_096;
  private static final int PROTOCOL = 5;

  private final ByteBuffer in;
  private final Builder builder;
  private final Set<String> calls;
  private final ArrayList<Object> stack = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>();
  private final Map<Long, Object> memo = new HashMap<>();

  private Pickle(ByteBuffer in, Builder builder, Set<String> calls) {
    this.in = in;
    this.builder = builder;
    this.calls = calls;
  }

  /**
   * Reads one pickle.
   *
   * @param in is left behind it
   * @param calls gets the names of what the pickle would call or create that {@code builder} does
   *     not know
   */
  static Object read(ByteBuffer in, Builder builder, Set<String> calls) {
    try {
      return new Pickle(in.order(ByteOrder.LITTLE_ENDIAN), builder, calls).run();
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new ModelFileException("the pickle ends before its end");
    }
  }

  /** As above, where no calls are expected. */
  static Object readPlain(ByteBuffer in) {
    return read(
        in,
        new Builder() {
          @Override
          public Object load(Object id) {
            return null;
          }

          @Override
          public Object call(Global function, List<Object> arguments) {
            return null;
          }
        },
        new LinkedHashSet<>());
  }

  private Object run() {
    for (int steps = 0; ; steps++) {
      require(steps < MOST_STEPS, "a pickle of more than %d steps", MOST_STEPS);
      int code = in.get() & 0xff;
      if (code == '.') {
        return pop();
      }
      step(code);
    }
  }

  private void step(int code) {
    switch (code) {
      case 0x80 -> require(unsigned() <= PROTOCOL, "a pickle of a protocol after %d", PROTOCOL);
      case 0x95 -> in.getLong(); // frames are about speed alone
      case '(' -> marks.push(stack.size());
      case '0' -> pop();
      case '1' -> popMarked();
      case '2' -> push(top());
      case 'N' -> push(null);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'I' -> integer();
      case 'L' -> push(whole(line().replace("L", "")));
      case 'J' -> push((long) in.getInt());
      case 'K' -> push((long) unsigned());
      case 'M' -> push((long) (in.getShort() & 0xffff));
      case 0x8a -> push(whole(bytes(unsigned())));
      case 'F' -> push(real(line()));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'S' -> push(line());
      case 'T', 'B' -> push(latin(bytes(in.getInt())));
      case 'U', 'C' -> push(latin(bytes(unsigned())));
      case 'V' -> push(line());
      case 'X' -> push(utf8(bytes(in.getInt())));
      case 0x8c -> push(utf8(bytes(unsigned())));
      case 0x8d -> push(utf8(bytes(length())));
      case 0x8e, 0x96 -> push(latin(bytes(length())));
      default -> collections(code);
    }
  }

  private void collections(int code) {
    switch (code) {
      case ']', 0x8f -> push(new ArrayList<>(0));
      case ')' -> push(List.of());
      case '}' -> push(new Dictionary());
      case 't', 'l', 0x91 -> push(popMarked());
      case 'd' -> {
        var dictionary = new Dictionary();
        put(dictionary, popMarked());
        push(dictionary);
      }
      case 0x85 -> push(tuple(1));
      case 0x86 -> push(tuple(2));
      case 0x87 -> push(tuple(3));
      case 'a' -> append(tuple(1));
      case 'e', 0x90 -> append(popMarked());
      case 's' -> put(tuple(2));
      case 'u' -> put(popMarked());
      case 'p' -> memo.put(number(line()), top());
      case 'q' -> memo.put((long) unsigned(), top());
      case 'r' -> memo.put(in.getInt() & 0xffffffffL, top());
      case 0x94 -> memo.put((long) memo.size(), top());
      case 'g' -> push(remembered(number(line())));
      case 'h' -> push(remembered(unsigned()));
      case 'j' -> push(remembered(in.getInt() & 0xffffffffL));
      default -> objects(code);
    }
  }

  private void objects(int code) {
    switch (code) {
      case 'c' -> push(new Global(line(), line()));
      case 0x93 -> {
        List<Object> names = tuple(2);
        push(new Global(String.valueOf(names.get(0)), String.valueOf(names.get(1))));
      }
      case 'R', 0x81 -> {
        List<Object> call = tuple(2);
        push(made(call.get(0), list(call.get(1))));
      }
      case 0x92 -> {
        List<Object> call = tuple(3);
        push(made(call.get(0), list(call.get(1))));
      }
      case 'i' -> {
        var global = new Global(line(), line());
        push(made(global, popMarked()));
      }
      case 'o' -> {
        List<Object> call = popMarked();
        require(!call.isEmpty(), "the pickle makes an object of nothing");
        push(made(call.get(0), call.subList(1, call.size())));
      }
      case 'b' -> build();
      case 'P' -> push(builder.load(line()));
      case 'Q' -> push(builder.load(pop()));
      default ->
          throw new ModelFileException(
              "the pickle has the code 0x%02x, which no model needs".formatted(code));
    }
  }

  private Object made(Object function, List<Object> arguments) {
    Object made = function instanceof Global global ? builder.call(global, arguments) : null;
    if (made == null) {
      calls.add(function instanceof Global ? function.toString() : "the result of another call");
      made = new Inert(function, arguments);
    }
    return made;
  }

  private void build() {
    Object state = pop();
    // That of a dictionary or a tensor tells nothing about numbers.
    if (top() instanceof Inert inert) {
      inert.parts().add(state);
    }
  }

  private void append(List<Object> values) {
    Object target = top();
    if (target instanceof Inert inert) {
      inert.parts().addAll(values);
    } else {
      require(target instanceof ArrayList, "the pickle appends to no list");
      @SuppressWarnings("unchecked")
      var list = (ArrayList<Object>) target;
      list.addAll(values);
    }
  }

  private void put(List<Object> pairs) {
    Object target = top();
    if (target instanceof Dictionary dictionary) {
      put(dictionary, pairs);
    } else {
      require(target instanceof Inert, "the pickle puts entries into no dictionary");
      var dictionary = new Dictionary();
      put(dictionary, pairs);
      ((Inert) target).parts().add(dictionary);
    }
  }

  private static void put(Dictionary dictionary, List<Object> pairs) {
    require(pairs.size() % 2 == 0, "the pickle puts a key without a value");
    for (int i = 0; i < pairs.size(); i += 2) {
      dictionary.put(pairs.get(i), pairs.get(i + 1));
    }
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object pop() {
    require(
        stack.size() > (marks.isEmpty() ? 0 : marks.peek()), "the pickle takes what is not there");
    return stack.remove(stack.size() - 1);
  }

  private Object top() {
    require(!stack.isEmpty(), "the pickle takes what is not there");
    return stack.get(stack.size() - 1);
  }

  private List<Object> tuple(int size) {
    var values = new Object[size];
    for (int i = size - 1; i >= 0; i--) {
      values[i] = pop();
    }
    return Arrays.asList(values);
  }

  private List<Object> popMarked() {
    require(!marks.isEmpty(), "the pickle goes back to a mark that is not there");
    List<Object> marked = stack.subList(marks.pop(), stack.size());
    var values = new ArrayList<>(marked);
    marked.clear();
    return values;
  }

  private static List<Object> list(Object arguments) {
    require(arguments instanceof List, "the pickle calls with no list of arguments");
    @SuppressWarnings("unchecked")
    var list = (List<Object>) arguments;
    return list;
  }

  private Object remembered(long key) {
    require(memo.containsKey(key), "the pickle remembers what it never saw");
    return memo.get(key);
  }

  private void integer() {
    String text = line();
    switch (text) {
      case "01" -> push(true);
      case "00" -> push(false);
      default -> push(whole(text));
    }
  }

  private static Object whole(String text) {
    require(
        text.matches("-?[0-9]{1,300}"), "the pickle has '%s' for a number", Names.printable(text));
    return whole(new BigInteger(text));
  }

  /** Two's complement, little endian. */
  private static Object whole(byte[] bytes) {
    byte[] big = new byte[bytes.length + 1];
    for (int i = 0; i < bytes.length; i++) {
      big[bytes.length - i] = bytes[i];
    }
    big[0] = (byte) (bytes.length > 0 && bytes[bytes.length - 1] < 0 ? -1 : 0);
    return whole(new BigInteger(big));
  }

  private static Object whole(BigInteger value) {
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private static long number(String text) {
    require(text.matches("[0-9]{1,10}"), "the pickle has '%s' for a place", Names.printable(text));
    return Long.parseLong(text);
  }

  private static double real(String text) {
    try {
      require(text.length() <= 40, "the pickle has '%s' for a number", Names.printable(text));
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new ModelFileException(
          "the pickle has '%s' for a number".formatted(Names.printable(text)));
    }
  }

  private int unsigned() {
    return in.get() & 0xff;
  }

  private int length() {
    long length = in.getLong();
    require(
        length >= 0 && length <= in.remaining(),
        "the pickle has a text of %s bytes where %d are left",
        Long.toUnsignedString(length),
        in.remaining());
    return (int) length;
  }

  private byte[] bytes(int length) {
    require(
        length >= 0 && length <= in.remaining(),
        "the pickle has a text of %s bytes where %d are left",
        Integer.toUnsignedString(length),
        in.remaining());
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private String line() {
    var line = new StringBuilder();
    for (byte b = in.get(); b != '\n'; b = in.get()) {
      require(line.length() < MOST_LINE, "the pickle has a line of over %d bytes", MOST_LINE);
      line.append((char) (b & 0xff));
    }
    return line.toString();
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
