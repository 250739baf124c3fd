package rwkv.engine.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {

  private static final Setting PAIRS = Setting.whole("pairs", 4, 1, 64, "how many");
  private static final Setting SCALE = Setting.real("scale", 0.5, 0, 2, "by what");
  private static final Setting LENGTHS =
      Setting.wholes("lengths", List.of(8, 16), 1, 1024, "how long");
  private static final Setting FACTORS = Setting.reals("factors", List.of(1.0), -1, 4, "times");
  private static final Setting ORDER =
      Setting.text("order", "near", List.of("near", "far"), "which first");
  private static final Setting LABEL = Setting.text("label", "", List.of(), "what to call it");
  private static final List<Setting> ALL = List.of(PAIRS, SCALE, LENGTHS, FACTORS, ORDER, LABEL);

  @Test
  void whatIsTypedBecomesTheStandardsKind() {
    assertEquals(7, PAIRS.parse("probe", " 7 "));
    assertEquals(64, PAIRS.parse("probe", "6.4e1"));
    assertEquals(0.25, SCALE.parse("probe", "0.25"));
    assertEquals(2.0, SCALE.parse("probe", "2"));
    assertEquals(List.of(1, 2, 1024), LENGTHS.parse("probe", "1, 2,1024"));
    assertEquals(List.of(0.5, -1.0), FACTORS.parse("probe", "0.5,-1"));
    assertEquals("far", ORDER.parse("probe", "far"));
    assertEquals("anything, at all ", LABEL.parse("probe", "anything, at all "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "pairs|65|a whole number from 1 to 64",
        "pairs|0|a whole number from 1 to 64",
        "pairs|1.5|a whole number from 1 to 64",
        "pairs|many|a whole number from 1 to 64",
        "pairs|NaN|a whole number from 1 to 64",
        "pairs|~~|a whole number from 1 to 64",
        "scale|2.01|a number from 0 to 2",
        "scale|-0.001|a number from 0 to 2",
        "scale|NaN|a number from 0 to 2",
        "lengths|8,9.5|a list of whole numbers from 1 to 1024",
        "lengths|8,,16|a list of whole numbers from 1 to 1024",
        "lengths|~~|a list of whole numbers from 1 to 1024",
        "lengths|,|a list of whole numbers from 1 to 1024",
        "factors|1,5|a list of numbers from -1 to 4",
        "order|Near|'near' or 'far'"
      })
  void whatCannotBeChosenIsRefusedInASentence(String name, String typed, String expected) {
    Setting setting =
        ALL.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    String message =
        assertThrows(IllegalArgumentException.class, () -> setting.parse("probe needle", typed))
            .getMessage();
    assertTrue(message.startsWith(name + " of probe needle is "), message);
    assertTrue(message.endsWith(", expected " + expected), message);
  }

  @Test
  void listsAreOfOneToAHundredNumbers() {
    assertEquals(100, ((List<?>) LENGTHS.checked("probe", Collections.nCopies(100, 3))).size());
    assertThrows(
        IllegalArgumentException.class,
        () -> LENGTHS.checked("probe", Collections.nCopies(101, 3)));
    assertThrows(IllegalArgumentException.class, () -> LENGTHS.checked("probe", List.of()));
  }

  @Test
  void numbersOfAFileMayBeOfAnyKind() {
    assertEquals(3, PAIRS.checked("probe", 3L));
    assertEquals(3, PAIRS.checked("probe", 3.0));
    assertEquals(1.0, SCALE.checked("probe", 1));
    assertEquals(List.of(1.0, 2.5), FACTORS.checked("probe", List.of(1, 2.5)));
    for (Object wrong : List.of("3", List.of(3), true)) {
      assertThrows(IllegalArgumentException.class, () -> PAIRS.checked("probe", wrong));
    }
  }

  @Test
  void choicesAreWhatWasGivenAndTheStandardForTheRest() {
    Choices choices = Choices.of("probe", ALL, Map.of("scale", 1, "lengths", List.of(2.0)));
    assertEquals(4, choices.whole("pairs"));
    assertEquals(1.0, choices.real("scale"));
    assertEquals(List.of(2), choices.wholes("lengths"));
    assertEquals(List.of(1.0), choices.reals("factors"));
    assertEquals("near", choices.text("order"));
    assertEquals(ALL.stream().map(Setting::name).toList(), List.copyOf(choices.values().keySet()));
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThereAre() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Choices.of("probe needle", List.of(PAIRS, SCALE), Map.of("pair", 1)))
            .getMessage();
    assertEquals("probe needle has no setting 'pair'; it has pairs, scale", message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", ""})
  void askingForWhatIsNotThereIsRefused(String name) {
    Choices choices = Choices.of("probe", ALL, Map.of());
    assertThrows(IllegalArgumentException.class, () -> choices.whole(name));
  }
}
