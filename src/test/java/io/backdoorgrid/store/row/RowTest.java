package io.backdoorgrid.store.row;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Digest;
import io.backdoorgrid.store.Samples;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RowTest {

  private static Row read(String id, byte[] bytes) {
    return Row.decode(id, bytes, column -> true);
  }

  @Test
  void isAHeaderAndOneLineThatEndInADigest() {
    assertThat(new String(Samples.row(Samples.TRIAL).encode(), UTF_8))
        .isEqualTo(
            """
            trial,victim,attack,attack.size,acc,asr,host,digest
            00000000000000aa,0000000000000001,badnets,3,93.25,,here,%s
            """
                .formatted(
                    Digest.brief(
                        """
                        trial,victim,attack,attack.size,acc,asr,host
                        00000000000000aa,0000000000000001,badnets,3,93.25,,here
                        """
                            .getBytes(UTF_8))));
  }

  @Test
  void comesBackAsItWas() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("trial", Samples.TRIAL);
    values.put("attack.layers", "[1, 2]");
    values.put("device", "a \"quoted\", ünusual name");
    values.put("seconds", OptionalDouble.of(0.5));
    values.put("asr", OptionalDouble.empty());
    values.put("host", null);
    Row row = Row.of(values);

    Row read = read(Samples.TRIAL, row.encode());

    assertThat(read).isEqualTo(row);
    assertThat(read.columns().keySet()).containsExactlyElementsOf(values.keySet());
  }

  @Test
  void readsEmptyAndAbsentColumnsAsUndefined() {
    Row row = Samples.row(Samples.TRIAL);
    assertThat(row.number("acc")).hasValue(93.25);
    assertThat(row.number("asr")).isEmpty();
    assertThat(row.number("ra")).isEmpty();
    assertThat(row.text("ra")).isEmpty();
    assertThatThrownBy(() -> row.number("attack"))
        .hasMessage("row 00000000000000aa: column attack must be a number, got \"badnets\"");
  }

  @Test
  void refusesImpossibleColumns() {
    assertThatThrownBy(() -> Row.of(Map.of("acc", 1)))
        .hasMessage("a row's trial must be 16 hexadecimal digits (0-9, a-f), got null");
    assertThatThrownBy(() -> Row.of(Map.of("trial", "../../etc/passwd")))
        .hasMessageContaining("got ../../etc/passwd");
    assertThatThrownBy(() -> Row.of(Map.of("trial", Samples.TRIAL, "acc", 101)))
        .hasMessage(
            "row 00000000000000aa: acc must be a percentage from 0 to 100 or empty, got \"101\"");
    assertThatThrownBy(() -> Row.of(Map.of("trial", Samples.TRIAL, "victim-cross", -1)))
        .hasMessageContaining("victim-cross must be a percentage from 0 to 100");
    assertThatThrownBy(() -> Row.of(Map.of("trial", Samples.TRIAL, "train-threads", "two")))
        .hasMessage(
            "row 00000000000000aa: train-threads must be a number from 0 up or empty, got \"two\"");
    assertThatThrownBy(() -> Row.of(Map.of("trial", Samples.TRIAL, "threads", -1)))
        .hasMessage(
            "row 00000000000000aa: threads must be a number from 0 up or empty, got \"-1\"");
    assertThatThrownBy(() -> Row.of(Map.of("trial", Samples.TRIAL, "seconds", -1)))
        .hasMessage("row 00000000000000aa: seconds must be seconds from 0 up or empty, got \"-1\"");
    assertThatThrownBy(() -> Row.of(Map.of("trial", Samples.TRIAL, "cleanRatio", 1)))
        .hasMessageContaining("kebab-case")
        .hasMessageContaining("got \"cleanRatio\"");
    assertThatThrownBy(() -> Row.of(Map.of("trial", Samples.TRIAL, "digest", 1)))
        .hasMessageContaining("not \"digest\"");
    assertThatThrownBy(() -> Row.of(Map.of("trial", Samples.TRIAL, "host", "a\nb")))
        .hasMessageContaining("column host must be text without line breaks");
  }

  @Test
  void noticesEveryFlippedByteAndEveryTruncation() {
    byte[] sound = Samples.row(Samples.TRIAL, "höst").encode();
    for (int i = 0; i < sound.length; i++) {
      byte[] flipped = sound.clone();
      flipped[i] ^= 4;
      assertThatThrownBy(() -> read(Samples.TRIAL, flipped))
          .as("byte %d", i)
          .isInstanceOf(DamagedException.class);
      byte[] truncated = java.util.Arrays.copyOf(sound, i);
      assertThatThrownBy(() -> read(Samples.TRIAL, truncated))
          .as("first %d bytes", i)
          .isInstanceOf(DamagedException.class);
    }
  }

  @Test
  void isNotTakenForAnotherTrial() {
    assertThatThrownBy(() -> read(Samples.OTHER_TRIAL, Samples.row(Samples.TRIAL).encode()))
        .isInstanceOf(DamagedException.class)
        .hasMessage("holds another trial, 00000000000000aa");
  }
}
