package io.backdoorgrid.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Operators of libtorch that DJL's {@link NDArray} does not offer, each one call into native code.
 *
 * <p>They are defined in {@code ops.py} beside this class. The inputs of 1x1 convolutions whose
 * channels are no multiple of 16 are copied to the other memory layout: channels-last, the weight
 * gradients of libtorch 2.7.1 write beyond their memory there as soon as they run on two threads.
 * Images and feature maps have the shape (n, channels, height, width) and lie channels-last in
 * memory; kernels (out, in, height, width). Results belong to the manager of the first argument, so
 * the activation always comes first.
 */
public final class Ops {

  private static final Ops INSTANCE = new Ops();

  private final NDManager manager = Torch.newManager(Device.cpu());
  private final PtSymbolBlock module = load(manager);
  private final Map<String, NDArray> methodTags = new ConcurrentHashMap<>();
  private final Map<Double, NDArray> numbers = new ConcurrentHashMap<>();
  private final NDArray[] strides = {null, manager.create(1L), manager.create(2L)};

  private Ops() {}

  private static PtSymbolBlock load(NDManager manager) {
    try (InputStream source = Ops.class.getResourceAsStream("ops.py")) {
      byte[] archive = ScriptArchive.of(new String(source.readAllBytes(), StandardCharsets.UTF_8));
      return JniUtils.loadModule(
          (PtNDManager) manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Network input from raw images: {@code (pixels - mean) * scale}, in the precision that all
   * following operators take over.
   *
   * @param pixels (n, height, width, channels) on the scale 0 to 255, unsigned bytes or float32; of
   *     the latter it is differentiable
   * @param mean per channel, on the scale 0 to 255
   * @param scale per channel, the inverse deviation on that scale
   */
  public static NDArray images(NDArray pixels, NDArray mean, NDArray scale, Precision precision) {
    return call("images_" + precision, pixels, mean, scale);
  }

  /** Calls the operator of that name; its result is differentiable where gradients are recorded. */
  static NDArray call(String method, NDArray... inputs) {
    return call(method, new NDList(inputs));
  }

  static NDArray call(String method, NDList inputs) {
    return forward(method, inputs).singletonOrThrow();
  }

  private static NDList forward(String method, NDList inputs) {
    inputs.add(INSTANCE.methodTags.computeIfAbsent(method, INSTANCE::tag));
    return IValueUtils.forward(INSTANCE.module, inputs, true);
  }

  /** The number as an array: script methods called for gradients take nothing else. */
  static NDArray stride(int stride) {
    return INSTANCE.strides[stride];
  }

  /** Likewise, for numbers of which there are few. */
  static NDArray number(double value) {
    return INSTANCE.numbers.computeIfAbsent(value, INSTANCE.manager::create);
  }

  /** DJL chooses the method of a module by the name of an extra array. */
  private NDArray tag(String method) {
    NDArray tag = manager.create(0f);
    tag.setName("module_method:" + method);
    return tag;
  }

  /** The same numbers in the type that {@code precision} multiplies. */
  public static NDArray cast(NDArray x, Precision precision) {
    return call("cast_" + precision, x);
  }

  /** (n, m) times (m, k), in the type that both have. */
  public static NDArray matrixProduct(NDArray x, NDArray y) {
    return call("matrix_product", x, y);
  }

  /** A convolution as {@link Conv2d} computes it, without a block around it. */
  public static NDArray convolution(NDArray x, NDArray kernels, int stride) {
    return call("conv", x, kernels, stride(stride));
  }

  /**
   * The backward pass of {@link #convolution}: the gradient of the kernels is returned; that of the
   * images is computed and dropped.
   *
   * @param images whether to compute the latter; a network's first layer does not need it
   */
  public static NDArray convolutionBackward(
      NDArray x, NDArray kernels, NDArray gradient, int stride, boolean images) {
    String method = images ? "conv_backward" : "conv_backward_kernels";
    return call(method, x, kernels, gradient, stride(stride));
  }

  /** The sum of two arrays of one shape. */
  public static NDArray add(NDArray x, NDArray y) {
    return call("add", x, y);
  }

  /**
   * The array times a number. Recorded passes need this: {@link NDArray#mul(Number)} keeps the
   * number for the backward pass in Java's memory, where the next garbage collection frees it.
   */
  public static NDArray scaled(NDArray x, double factor) {
    try (NDArray value = INSTANCE.manager.create(factor)) {
      return call("scaled", x, value);
    }
  }

  /** A smooth step from 0 to 1: {@code tanh(slope (x - centre)) / 2 + 1/2}. */
  public static NDArray stepped(NDArray x, double slope, double centre) {
    return call("stepped", x, number(slope), number(centre));
  }

  /** {@code max(x, 0)}. */
  public static NDArray relu(NDArray x) {
    return call("relu", x);
  }

  /** {@code 1 / (1 + exp(-x))}, in float32 whatever the type of {@code x}. */
  public static NDArray sigmoid(NDArray x) {
    return call("sigmoid", x);
  }

  /**
   * Feature maps of the height and width of others, in their type; each value is that of the
   * nearest.
   *
   * @param x (n, channels, height, width), or (1, ...) to be repeated
   * @param like (n, any, larger height, larger width)
   */
  public static NDArray enlarge(NDArray x, NDArray like) {
    return call("enlarge", x, like);
  }

  /**
   * {@code x}, and {@code y} in its place where {@code mask} is true, in the type of {@code x}.
   *
   * @param mask boolean, like {@code y} in a shape that can be repeated to that of {@code x}
   */
  public static NDArray replace(NDArray x, NDArray mask, NDArray y) {
    return call("replace", x, mask, y);
  }

  /**
   * Some of an array's rows, along its first axis, copied.
   *
   * @param positions int64; a row may come several times
   */
  public static NDArray rows(NDArray x, NDArray positions) {
    return call("rows", x, positions);
  }

  /** The mean over height and width: (n, channels). */
  public static NDArray globalAveragePool(NDArray x) {
    return call("pool", x);
  }

  /** The largest of each 2x2 pixels: (n, channels, height / 2, width / 2). */
  public static NDArray maxPool(NDArray x) {
    return call("max_pool", x);
  }

  /**
   * Twice as high and wide, bilinearly: pixels are squares, of which the outermost are repeated.
   */
  public static NDArray doubled(NDArray x) {
    return call("doubled", x);
  }

  /**
   * The mean cross entropy of (n, classes) logits.
   *
   * @param labels (n) class numbers, int64
   * @param smoothing share of the target probability that is spread over all classes, 0 to below 1
   */
  public static NDArray crossEntropy(NDArray logits, NDArray labels, double smoothing) {
    try (NDArray value = INSTANCE.manager.create(smoothing)) {
      return call("cross_entropy", logits, labels, value);
    }
  }

  /**
   * The cross entropy of each row of (n, classes) logits: (n).
   *
   * @param labels (n) class numbers, int64
   */
  public static NDArray crossEntropies(NDArray logits, NDArray labels) {
    return call("cross_entropies", logits, labels);
  }

  /**
   * The mean cross entropy of independent bits.
   *
   * @param bits 0 or 1, in the shape and type of {@code logits}
   */
  public static NDArray binaryCrossEntropy(NDArray logits, NDArray bits) {
    return call("binary_cross_entropy", logits, bits);
  }

  /** The mean of the squared differences of two arrays of one shape and type. */
  public static NDArray meanSquaredError(NDArray x, NDArray y) {
    return call("mean_squared_error", x, y);
  }

  /**
   * The mean over all views of {@code log sum_k exp(s_ik) - s_ij}, with s the cosine similarity
   * over the temperature, j the other view of the same image and k all views but i.
   *
   * @param views (2n, d): those of n images, then other ones of the same images in the same order
   * @param temperature positive
   */
  public static NDArray ntXent(NDArray views, double temperature) {
    try (NDArray value = INSTANCE.manager.create(temperature)) {
      return call("nt_xent", views, value);
    }
  }

  /**
   * Sums over images, rows and columns of feature maps (n, channels, height, width): (2, channels)
   * float64, of the values and of their squares.
   */
  public static NDArray moments(NDArray maps) {
    return call("moments", maps);
  }

  /** The largest value of each of the feature maps (n, channels, height, width): (n, channels). */
  public static NDArray maxima(NDArray maps) {
    return call("maxima", maps);
  }

  /**
   * Where a network looks (Zagoruyko and Komodakis, ICLR 2017): the squares of feature maps (n,
   * channels, height, width) summed over the channels, divided by their Euclidean norm over all
   * positions: (n, height * width) float32.
   */
  public static NDArray attention(NDArray maps) {
    return call("attention", maps);
  }

  /**
   * The mean Kullback-Leibler divergence of softmax distributions, of {@code student} from {@code
   * teacher}, both (n, classes) logits divided by the temperature.
   */
  public static NDArray divergence(NDArray teacher, NDArray student, double temperature) {
    return call("divergence", teacher, student, number(temperature));
  }

  /**
   * The loss by which a change to images is searched that misleads two networks to the same class
   * (Wei et al., NeurIPS 2023): {@code adversarial} times minus the cross entropies, halved, of
   * those not misled yet, plus {@code shared} times the Jensen-Shannon divergence of the two
   * answers, of images not misled to one class by both; each a sum over the number of images.
   *
   * @param logits of one network, (n, classes), and {@code others} of the other
   * @param labels (n) true classes, int64
   */
  public static NDArray sharedLoss(
      NDArray logits, NDArray others, NDArray labels, double adversarial, double shared) {
    return call("shared_loss", logits, others, labels, number(adversarial), number(shared));
  }

  /**
   * How many of the images two networks mislead to the same class, as {@link #sharedLoss} counts
   * them: one number.
   */
  public static NDArray sharedCount(NDArray logits, NDArray others, NDArray labels) {
    return call("shared_count", logits, others, labels);
  }

  /**
   * What keeps a network from the wrong answers of another: {@code -log(1 - p)} of the other's
   * answer, summed over the images where that is wrong, and divided by the number of all.
   */
  public static NDArray avoidance(NDArray logits, NDArray others, NDArray labels) {
    return call("avoidance", logits, others, labels);
  }

  /**
   * How alike the classes of a batch are: the cosine similarities of all pairs of different class
   * centres, summed and divided by the square of the number of classes; a class without images is
   * like none.
   *
   * @param features (n, d) float32
   * @param labels (n) class numbers, int64
   */
  public static NDArray centreSimilarity(NDArray features, NDArray labels, int classes) {
    return call("centre_similarity", features, labels, number(classes));
  }

  /** The class of the largest logit of each row: (n), int64. */
  public static NDArray predictions(NDArray logits) {
    return call("predictions", logits);
  }

  /**
   * Multiplies some rows of arrays, along their first axes, in place.
   *
   * @param arrays one after another; one may come several times
   * @param counts how many rows of each
   * @param rows their positions, those of the first array first
   * @param factors one for each row
   */
  public static void scaleRows(List<NDArray> arrays, long[] counts, long[] rows, float[] factors) {
    NDManager owner = arrays.get(0).getManager();
    try (NDArray positions = owner.create(rows);
        NDArray values = owner.create(factors);
        IValue xs = listOf(arrays);
        IValue ns = IValue.listFrom(counts);
        IValue is = IValue.from((PtNDArray) positions);
        IValue fs = IValue.from((PtNDArray) values)) {
      run("scale_rows", xs, ns, is, fs).close();
    }
  }

  /**
   * The derivatives of a scalar, as new arrays: nothing is accumulated anywhere, so a pass that no
   * update follows leaves no trace.
   *
   * <p>They lie in memory as their shape says, like weights do. Autograd's own lie channels-last
   * behind channels-last feature maps, or have strides of 0; the fused optimizer, which walks
   * through the memory of weights and gradients side by side, would mix them up.
   *
   * @param loss computed while gradients were recorded
   * @param variables arrays that require gradients and on which the loss depends
   */
  public static List<NDArray> gradients(NDArray loss, List<NDArray> variables) {
    try (IValue y = IValue.from((PtNDArray) loss);
        IValue xs = listOf(variables)) {
      return derivatives("gradients", loss.getManager(), y, xs);
    }
  }

  /**
   * The derivatives of a scalar, recorded themselves, so that {@link #vectorJacobianProducts} can
   * differentiate them once more; 0 with respect to variables that {@code y} does not depend on.
   *
   * <p>The whole pass stays in native memory until they are closed.
   *
   * @param y computed while gradients were recorded
   * @param variables arrays that require gradients
   */
  public static List<NDArray> differentiableGradients(NDArray y, List<NDArray> variables) {
    var inputs = new NDList(y);
    try (IValue xs = listOf(variables)) {
      for (NDArray alias : xs.toTensorArray((PtNDManager) y.getManager())) {
        alias.setName("variables[]"); // arrays of such a name reach the script as one list
        inputs.add(alias);
      }
    }
    NDList derivatives = forward("differentiable_gradients", inputs);
    inputs.subList(1, inputs.size() - 1).forEach(NDArray::close);
    return List.copyOf(derivatives);
  }

  /**
   * For each variable x the sum of {@code v^T dy/dx} over all outputs y and their vectors v, as new
   * arrays; 0 where no output depends on x. The recorded pass remains, for further products.
   *
   * <p>If g is the {@linkplain #differentiableGradients derivative} of a loss with respect to d,
   * the product of g and v with respect to d is {@code H v}, with H the Hessian, and with respect
   * to other variables w the mixed {@code v^T d2loss/(dd dw)}; neither matrix is ever formed.
   *
   * @param outputs computed while gradients were recorded
   * @param vectors one per output, of its shape and type
   * @param variables arrays that require gradients
   */
  public static List<NDArray> vectorJacobianProducts(
      List<NDArray> outputs, List<NDArray> vectors, List<NDArray> variables) {
    try (IValue ys = listOf(outputs);
        IValue vs = listOf(vectors);
        IValue xs = listOf(variables)) {
      NDManager owner = outputs.get(0).getManager();
      return derivatives("vector_jacobian_products", owner, ys, vs, xs);
    }
  }

  private static List<NDArray> derivatives(String method, NDManager owner, IValue... arguments) {
    try (IValue result = run(method, arguments)) {
      return List.of(result.toTensorArray((PtNDManager) owner));
    }
  }

  /** Moves every average toward its value: {@code average += weight * (value - average)}. */
  public static void average(List<NDArray> averages, List<NDArray> values, double weight) {
    try (IValue as = listOf(averages);
        IValue vs = listOf(values);
        IValue w = IValue.from(weight)) {
      run("lerp", as, vs, w).close();
    }
  }

  /**
   * Calls the method of that name with arguments that are not arrays; gradients are not recorded.
   */
  static IValue run(String method, IValue... arguments) {
    return IValueUtils.runMethod(INSTANCE.module, method, arguments);
  }

  static IValue listOf(List<NDArray> arrays) {
    return IValue.listFrom(arrays.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
  }
}
