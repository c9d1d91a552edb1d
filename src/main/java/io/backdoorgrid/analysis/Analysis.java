package io.backdoorgrid.analysis;

import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/** An analysis of a victim. */
public enum Analysis {
  /**
   * How much the trigger changes each channel, beside the constants by which CLP and LPP prune:
   * sheets {@code channels}, {@code correlations} and {@code image-correlations}.
   */
  CHANNELS(ChannelSheets::sheets),
  /** How much each input of the last layer matters, for clean and triggered images. */
  SALIENCE(Salience::sheets),
  /** The last layer's inputs, clean and triggered, laid out on a plane. */
  EMBEDDING(Embedding::sheets),
  /** The heads that Hölder Pruning prunes: sheets {@code neurons} and {@code pruning}. */
  HEADS(Heads::sheets);

  private final BiFunction<Subject, AnalysisSettings, List<Sheet>> sheets;

  Analysis(BiFunction<Subject, AnalysisSettings, List<Sheet>> sheets) {
    this.sheets = sheets;
  }

  /** Analyses one victim; the calling thread must be prepared for native work. */
  public List<Sheet> of(Subject subject, AnalysisSettings settings) {
    return sheets.apply(subject, settings);
  }

  /** As on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
