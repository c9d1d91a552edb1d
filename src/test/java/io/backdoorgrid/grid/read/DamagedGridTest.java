package io.backdoorgrid.grid.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.grid.GridException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedGridTest {
  private static final String GRID =
      """
      name: clp/table1 # a remark
      victims:
        dataset: cifar10
        model: {resnet18: {width: [16, 32]}}
        attack:
          - badnets
          - blended: {alpha: [0.1, 2e-1]}
        poison-rate: [0.01, 0.10]
        train: {epochs: 150, milestones: [[60, 80], [5]], schedule: "step"}
        seed: [0, 1, 2]
      defenses: [none, ft, {clp: {u: [2, 3]}}]
      exclude:
        - {dataset: cifar10, attack: badnets, poison-rate: 0.01}
      table: {rows: attack, columns: [defense, clp.u], metrics: [acc, asr]}
      """;
  private static final String MARKS = "[]{}:,-#&*!|>'\"%@?~ \n\t\\\u0000\u00e9\u2028<0.e";

  @TempDir Path folder;

  @Test
  void isReadOrRefusedWithOneLine() {
    Grids grids = new Grids(folder);
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 1000; i++) {
      StringBuilder text = new StringBuilder(GRID);
      for (int damage = random.nextInt(3); damage >= 0; damage--) {
        int at = random.nextInt(text.length());
        int until = Math.min(text.length(), at + random.nextInt(4));
        text.replace(at, until, MARKS.charAt(random.nextInt(MARKS.length())) + "");
      }
      try {
        grids.read(text.toString());
      } catch (GridException e) {
        refused++;
        assertThat(e.getMessage()).startsWith(folder + "/grid.yaml:").doesNotContain("\n");
      }
    }
    assertThat(refused).isBetween(300, 999);
  }
}
