package io.backdoorgrid.perturb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.TorchThread;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class UniversalSearchTest {

  private static final DeepFool DEEP_FOOL = new DeepFool(0.02, 1);

  private final AtomicInteger moves = new AtomicInteger();

  /** The first image's move, 25.5 from one channel to the other, is enough for all the others. */
  @Test
  void movesOnlyImagesThatAreNotFooledYet() {
    float[] shift = find(new UniversalSearch(4, 4, 9, 1, 5, DEEP_FOOL), 1, counted((v, r) -> r));
    assertThat(moves).hasValue(1);
    assertThat(shift).containsExactly(new float[] {-25.5f, 25.5f}, within(1e-3f));
  }

  /** Half a level misleads nobody: three passes give the same rate, 0. */
  @Test
  void endsWhereItGetsNowhere() {
    find(new UniversalSearch(4, 4, 9, 1, 3, DEEP_FOOL), 1, counted((v, r) -> half()));
    assertThat(moves).hasValue(3 * 4);
  }

  @Test
  void endsAfterTheLastPass() {
    find(new UniversalSearch(4, 4, 2, 1, 3, DEEP_FOOL), 1, counted((v, r) -> half()));
    assertThat(moves).hasValue(2 * 4);
  }

  @Test
  void endsOnceEnoughImagesAreFooled() {
    find(new UniversalSearch(4, 4, 9, 0, 3, DEEP_FOOL), 1, counted((v, r) -> half()));
    assertThat(moves).hasValue(4);
  }

  /** All images are of class 0 already. */
  @Test
  void fails() {
    var search = new UniversalSearch(4, 4, 9, 1, 3, DEEP_FOOL);
    assertThatThrownBy(() -> find(search, 0, (v, r) -> r))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no image of 4 could be moved to the target class");
  }

  @Test
  void refusesMoreImagesThanThereAre() {
    var search = new UniversalSearch(5, 4, 9, 1, 3, DEEP_FOOL);
    assertThatThrownBy(() -> find(search, 1, (v, r) -> r))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("images and held-out make 9, but there are 8 training images");
  }

  @Test
  void refusesATargetThatIsNoClass() {
    var search = new UniversalSearch(4, 4, 9, 1, 3, DEEP_FOOL);
    assertThatThrownBy(() -> find(search, 2, (v, r) -> r))
        .hasMessage("target 2 is not one of the 2 classes");
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> new UniversalSearch(0, 1, 1, 0, 2, DEEP_FOOL))
        .hasMessage("images must be at least 1, got 0");
    assertThatThrownBy(() -> new UniversalSearch(1, 0, 1, 0, 2, DEEP_FOOL))
        .hasMessage("held-out must be at least 1, got 0");
    assertThatThrownBy(() -> new UniversalSearch(1, 1, 0, 0, 2, DEEP_FOOL))
        .hasMessage("passes must be at least 1, got 0");
    assertThatThrownBy(() -> new UniversalSearch(1, 1, 1, 1.1, 2, DEEP_FOOL))
        .hasMessage("fooling must be from 0 to 1, got 1.1");
    assertThatThrownBy(() -> new UniversalSearch(1, 1, 1, 0, 1, DEEP_FOOL))
        .hasMessage("patience must be at least 2, got 1");
  }

  private static float[] half() {
    return new float[] {0.5f, 0};
  }

  private BinaryOperator<float[]> counted(BinaryOperator<float[]> takeUp) {
    return (shift, move) -> {
      moves.incrementAndGet();
      return takeUp.apply(shift, move);
    };
  }

  /** Eight images, all (100, 50). */
  private static float[] find(UniversalSearch search, int target, BinaryOperator<float[]> takeUp) {
    byte[] pixels = new byte[16];
    for (int i = 0; i < 16; i++) {
      pixels[i] = (byte) (i % 2 == 0 ? 100 : 50);
    }
    var images = new LabeledImages(LinearNetwork.SHAPE, 2, pixels, new int[8]);
    try (Classifier network = LinearNetwork.of(2, 0, 0)) {
      return search.find(network, images, target, takeUp, new Seed("a1").stream("trigger"));
    }
  }
}
