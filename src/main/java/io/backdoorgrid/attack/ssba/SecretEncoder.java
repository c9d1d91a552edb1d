package io.backdoorgrid.attack.ssba;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.BiasedConv2d;
import io.backdoorgrid.torch.Layer;
import io.backdoorgrid.torch.Linear;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Hides bits in an image: a U-Net (Ronneberger et al., MICCAI 2015) that reads the image and a
 * 16x16 picture made of the bits, and draws the image anew.
 *
 * <p>Four convolutions of stride 2 lead down from {@code base} channels to {@code 8 base}; on the
 * way up the maps are enlarged, convolved by 2x2, and joined with those of the same size.
 */
final class SecretEncoder extends Layer {

  /** Edge of the picture of the bits; edges of images are multiples of it. */
  static final int EDGE = 16;

  private final ImageShape shape;
  private final Linear secret;
  private final List<BiasedConv2d> down = new ArrayList<>();
  private final List<Up> up = new ArrayList<>();
  private final BiasedConv2d last;
  private final BiasedConv2d image;

  /**
   * @param bits how many are hidden
   * @param base channels at full size
   */
  SecretEncoder(ImageShape shape, int bits, int base) {
    this.shape = shape;
    int channels = shape.channels();
    secret = add("secret", new Linear(bits, EDGE * EDGE * channels));
    int[] widths = {base, base, 2 * base, 4 * base, 8 * base};
    int in = 2 * channels;
    for (int i = 0; i < widths.length; i++) {
      down.add(add("down" + (i + 1), new BiasedConv2d(in, widths[i], 3, i == 0 ? 1 : 2)));
      in = widths[i];
    }
    for (int i = widths.length - 2; i >= 0; i--) {
      int extra = i == 0 ? 2 * channels : 0;
      up.add(add("up" + (i + 1), new Up(in, widths[i], 2 * widths[i] + extra)));
      in = widths[i];
    }
    last = add("last", new BiasedConv2d(base, base, 3, 1));
    image = add("image", new BiasedConv2d(base, channels, 1, 1));
  }

  /**
   * Raw images as {@link #encode} takes them.
   *
   * @param scope owns the result
   * @param pixels whole images, row by row, channels together; read, not kept
   */
  NDArray input(NDManager scope, ByteBuffer pixels) {
    Shape edges = new Shape(-1, shape.height(), shape.width(), shape.channels());
    NDArray bytes = scope.create(pixels, new Shape(pixels.remaining()), DataType.UINT8);
    NDArray zero = scope.create(new float[] {0});
    NDArray unit = scope.create(new float[] {1 / 255f});
    return Ops.images(bytes.reshape(edges), zero, unit, Precision.FLOAT32);
  }

  /**
   * Draws images anew.
   *
   * @param images (n, channels, height, width), on the scale 0 to 1
   * @param secrets (n, bits) of 0 and 1, or (1, bits) to be hidden in all
   * @return the same shape and scale, float32
   */
  NDArray encode(NDArray images, NDArray secrets) {
    NDArray picture = Ops.relu(secret.apply(secrets)).reshape(-1, shape.channels(), EDGE, EDGE);
    NDArray input = concat(Ops.enlarge(picture, images), images);
    var maps = new ArrayList<NDArray>();
    NDArray x = input;
    for (BiasedConv2d conv : down) {
      x = conv.applyRelu(x);
      maps.add(x);
    }
    for (int i = 0; i < up.size(); i++) {
      NDArray same = maps.get(up.size() - 1 - i);
      x = up.get(i).apply(x, i < up.size() - 1 ? same : concat(same, input));
    }
    return Ops.sigmoid(image.apply(last.applyRelu(x)));
  }

  /** Multiplications of the convolutions for one image, in billions. */
  static double gigaMultiplications(ImageShape shape, int base) {
    double area = (double) shape.height() * shape.width();
    double input = 2.0 * shape.channels();
    double b = base;
    double down = input * b + (b * b + 2 * b * b / 4 + 8 * b * b / 16 + 32 * b * b / 64) / 4;
    // On the way up a map of w channels is made of 2 w: by 2x2, then with its equal beside it by
    // 3x3.
    double enlarged = 32 * b * b / 64 + 8 * b * b / 16 + 2 * b * b / 4 + b * b;
    double joined = enlarged + b * b + input * b;
    double last = b * b;
    return area * (9 * (down + joined + last) + 4 * enlarged + b * shape.channels()) / 1e9;
  }

  /**
   * The {@code base} of an encoder that has these weights.
   *
   * @throws IllegalArgumentException if they are not those of an encoder
   */
  static int base(SafeTensors weights) {
    SafeTensors.Tensor bias = weights.tensors().get("last.bias");
    require(bias != null, "the stored trigger has no 'last.bias'");
    return bias.values().length;
  }

  private static NDArray concat(NDArray x, NDArray y) {
    return NDArrays.concat(new NDList(x, y), 1);
  }

  /** Enlarges maps to the size of others, and joins both. */
  private static final class Up extends Layer {
    private final BiasedConv2d enlarged;
    private final BiasedConv2d joined;

    Up(int in, int out, int joinedChannels) {
      enlarged = add("enlarged", new BiasedConv2d(in, out, 2, 1));
      joined = add("joined", new BiasedConv2d(joinedChannels, out, 3, 1));
    }

    NDArray apply(NDArray x, NDArray same) {
      return joined.applyRelu(concat(enlarged.applyRelu(Ops.enlarge(x, same)), same));
    }
  }
}
