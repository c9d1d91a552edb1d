package io.backdoorgrid.attack;

import static io.backdoorgrid.algorithm.Hyperparameters.with;

import io.backdoorgrid.algorithm.Registry;
import io.backdoorgrid.attack.batch.Bpp;
import io.backdoorgrid.attack.batch.WaNet;
import io.backdoorgrid.attack.inputaware.InputAware;
import io.backdoorgrid.attack.poisoning.BadNets;
import io.backdoorgrid.attack.poisoning.Blended;
import io.backdoorgrid.attack.poisoning.EnhancedTrigger;
import io.backdoorgrid.attack.poisoning.Invisible;
import io.backdoorgrid.attack.poisoning.LabelConsistent;
import io.backdoorgrid.attack.poisoning.LowFrequency;
import io.backdoorgrid.attack.poisoning.Sig;
import io.backdoorgrid.attack.poisoning.Trojan;
import io.backdoorgrid.attack.ssba.Ssba;
import io.backdoorgrid.attack.training.Imc;
import io.backdoorgrid.attack.training.LogitAnchoring;
import java.util.Map;

/** The attacks that a grid file may name. */
public final class Attacks {

  public static final Registry<Attack> REGISTRY =
      new Registry<>(Attack::uses, Attack::threatModel)
          .add(new NoAttack())
          .add(new BadNets(), BadNets.PRESETS)
          .add(
              "badnets-a2a",
              with(new BadNets(), Map.of("labels", "all-to-all")),
              BadNets.ALL_TO_ALL_PRESETS)
          .add(new Blended(), Blended.PRESETS)
          .add(new Sig(), Sig.PRESETS)
          .add(new WaNet(), WaNet.PRESETS)
          .add(new Bpp(), Bpp.PRESETS)
          .add(new InputAware(), InputAware.PRESETS)
          .add(new LabelConsistent(), LabelConsistent.PRESETS)
          .add(new LowFrequency(), LowFrequency.PRESETS)
          .add(new Invisible(), Invisible.PRESETS)
          .add(new Trojan(), Trojan.PRESETS)
          .add(new Imc(), Imc.PRESETS)
          .add(new Ssba(), Ssba.PRESETS)
          .add(new EnhancedTrigger(), EnhancedTrigger.PRESETS)
          .add(new LogitAnchoring(), LogitAnchoring.PRESETS);

  private Attacks() {}
}
