package io.backdoorgrid.model.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The pickle of a state_dict, with nothing that PyTorch's weights_only would refuse. */
final class TorchPickle {
  private static final String DICTIONARY = "ccollections\nOrderedDict\n";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private TorchPickle() {}

  /**
   * @param tensors whose storages have the numbers 0, 1, …
   * @param key of a dictionary around it; none if empty
   */
  static byte[] of(Map<String, StoredTensor> tensors, String key) {
    var pickle = new TorchPickle();
    pickle.code(0x80, 2);
    if (!key.isEmpty()) {
      pickle.code('}');
      pickle.text(key);
    }
    pickle.dictionary(tensors);
    if (!key.isEmpty()) {
      pickle.code('s');
    }
    pickle.code('.');
    return pickle.out.toByteArray();
  }

  private void dictionary(Map<String, StoredTensor> tensors) {
    ascii(DICTIONARY + ")R(");
    int number = 0;
    for (Map.Entry<String, StoredTensor> entry : tensors.entrySet()) {
      text(entry.getKey());
      tensor(number++, entry.getValue());
    }
    code('u');
  }

  private void tensor(int number, StoredTensor tensor) {
    ascii("ctorch._utils\n_rebuild_tensor_v2\n((");
    text("storage");
    ascii("ctorch\n" + tensor.type().storage() + "\n");
    text(Integer.toString(number));
    text("cpu");
    whole(tensor.size());
    ascii("tQ");
    whole(0);
    tuple(tensor.shape());
    tuple(strides(tensor.shape()));
    code(0x89); // no gradient
    ascii(DICTIONARY + ")RtR");
  }

  private static long[] strides(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(1, shape[i]);
    }
    return strides;
  }

  private void tuple(long[] values) {
    code('(');
    for (long value : values) {
      whole((int) value);
    }
    code('t');
  }

  private void whole(int value) {
    code('J');
    number(value);
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    code('X');
    number(bytes.length);
    out.writeBytes(bytes);
  }

  private void number(int value) {
    out.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private void ascii(String codes) {
    out.writeBytes(codes.getBytes(StandardCharsets.US_ASCII));
  }

  private void code(int... codes) {
    for (int code : codes) {
      out.write(code);
    }
  }
}
