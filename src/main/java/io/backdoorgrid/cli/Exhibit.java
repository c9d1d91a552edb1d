package io.backdoorgrid.cli;

import io.backdoorgrid.grid.read.SpecOption;
import io.backdoorgrid.picture.ContactSheet;
import io.backdoorgrid.picture.Distortion;
import java.util.List;
import java.util.Locale;

/** An attack as it is shown, on the sheet and in the table. */
record Exhibit(SpecOption attack, Distortion distortion) {

  /** Triggered images, and below them what changed. */
  List<ContactSheet.Row> rows(int factor) {
    return List.of(
        new ContactSheet.Row(attack.spec().name(), attack.settings(), distortion.changed()),
        new ContactSheet.Row(
            "",
            List.of(
                "difference × " + factor,
                "PSNR " + psnr(),
                "largest change " + largest(),
                "changed pixels " + changedPixels()),
            distortion.amplified(factor)));
  }

  String psnr() {
    double psnr = distortion.psnr();
    return Double.isInfinite(psnr) ? "–" : String.format(Locale.ROOT, "%.2f dB", psnr);
  }

  String largest() {
    return Integer.toString(distortion.largest());
  }

  String changedPixels() {
    return String.format(Locale.ROOT, "%.1f %%", 100 * distortion.changedPixels());
  }
}
