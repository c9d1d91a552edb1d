package io.backdoorgrid.defense;

import io.backdoorgrid.torch.TorchThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class NoDefenseTest {

  @Test
  void copiesTheVictim() {
    OneLayer victim = PlantedBackdoor.victim();
    Invariants.assertEqual(victim.repairedBy(new NoDefense()), victim.values());
  }
}
