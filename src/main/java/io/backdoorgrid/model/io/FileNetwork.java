package io.backdoorgrid.model.io;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.data.NamedNormalization;
import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.grid.FileAddress;
import io.backdoorgrid.model.net.Architecture;
import io.backdoorgrid.model.net.LayerSpec;
import io.backdoorgrid.model.net.Pretrained;
import io.backdoorgrid.torch.SafeTensors;
import java.lang.ref.SoftReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network that was trained elsewhere: a safetensors file or one of PyTorch's. It is not trained
 * here; the attack beside it only says with which trigger it is tried.
 *
 * @param path of the file; the folder of the grid file is its start, and every machine that
 *     computes must have it there
 * @param weights under which key a dictionary in the file has them; auto for the usual ones
 * @param normalization by which it was trained: cifar10, kuangliu, imagenet, half or none; auto for
 *     what the file says, or else the data set's
 */
@Algorithm("file")
public record FileNetwork(FileAddress path, String weights, String normalization)
    implements Architecture, Pretrained {

  private static final String AUTO = "auto";

  /** What was read of files, by digest and key, as long as there is memory for it. */
  private static final Map<String, SoftReference<Opened>> READ = new ConcurrentHashMap<>();

  private record Opened(ModelFile file, Recognition network) {}

  public FileNetwork {
    require(
        normalization.equals(AUTO) || NamedNormalization.find(normalization).isPresent(),
        "normalization must be auto or one of %s, got '%s'",
        NamedNormalization.names(),
        normalization);
  }

  /** No file. */
  public FileNetwork() {
    this(FileAddress.NONE, AUTO, AUTO);
  }

  private Opened opened() {
    if (path.isNone()) {
      throw new BadDataException("the model 'file' has no path");
    }
    String key = path.sha256() + " " + weights;
    SoftReference<Opened> known = READ.get(key);
    Opened opened = known == null ? null : known.get();
    if (opened == null) {
      opened = open();
      READ.put(key, new SoftReference<>(opened));
    }
    return opened;
  }

  private Opened open() {
    try {
      if (!FileAddress.of(path.path()).equals(path)) {
        throw new BadDataException(path.path() + " has changed since the grid was read");
      }
      ModelFile file =
          ModelFile.read(path.path(), Optional.of(weights).filter(key -> !key.equals(AUTO)));
      return new Opened(file, recognised(file));
    } catch (IllegalArgumentException | ModelFileException e) {
      throw new BadDataException(e.getMessage(), e);
    }
  }

  private Recognition recognised(ModelFile file) {
    try {
      return Recognition.of(file, Optional.empty());
    } catch (ModelFileException e) {
      throw e.in(path.path());
    }
  }

  @Override
  public Optional<Pretrained> pretrained() {
    return Optional.of(this);
  }

  @Override
  public List<LayerSpec> layers(int classes) {
    return opened().network().architecture().layers(classes);
  }

  @Override
  public String architecture() {
    return opened().network().name();
  }

  @Override
  public int width() {
    return opened().network().width();
  }

  @Override
  public int classes() {
    return opened().network().classes();
  }

  @Override
  public SafeTensors givenWeights() {
    Opened opened = opened();
    return opened.network().weights(opened.file());
  }

  @Override
  public Optional<Normalization> givenNormalization() {
    return normalization.equals(AUTO)
        ? StatedNormalization.of(opened().file())
        : NamedNormalization.find(normalization);
  }
}
