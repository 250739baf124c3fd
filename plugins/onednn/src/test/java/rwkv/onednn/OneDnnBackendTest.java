package rwkv.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Backends;

class OneDnnBackendTest {

  private static Platform linux(String flags) {
    return new Platform("Linux", "amd64", List.of("model name\t: x", "flags\t\t: " + flags));
  }

  @Test
  void itIsInstalledAndNeverChosenUnasked() {
    Backends backends = Backends.installed();
    assertTrue(backends.all().stream().anyMatch(b -> b instanceof OneDnnBackend));
    assertEquals("cpu", backends.choose(Backends.AUTO).id());
  }

  @Test
  void aCpuWithoutMatrixUnitsIsToldSo() {
    assertEquals(
        Optional.of("this CPU has no bf16 matrix units: no amx_tile and amx_bf16 in /proc/cpuinfo"),
        linux("fpu avx2 f16c").noMatrixUnits());
    assertEquals(
        Optional.of("this CPU has no bf16 matrix units: no amx_bf16 in /proc/cpuinfo"),
        linux("fpu avx512_bf16 amx_tile amx_int8").noMatrixUnits());
    assertEquals(Optional.empty(), linux("fpu amx_bf16 avx2 amx_tile").noMatrixUnits());
  }

  @Test
  void aMachineWithoutALibraryIsToldSo() {
    assertEquals(Optional.empty(), linux("").noLibrary());
    assertEquals(
        Optional.of("oneDNN comes for Linux on x86-64 only, this is Mac OS X on aarch64"),
        new Platform("Mac OS X", "aarch64", List.of()).noLibrary());
    assertEquals(
        Optional.of("oneDNN comes for Linux on x86-64 only, this is Linux on aarch64"),
        new Platform("Linux", "aarch64", List.of()).noLibrary());
  }

  @Test
  void whereItCannotBeUsedItSaysWhyToWhoeverAsksForIt() {
    Backend backend = new OneDnnBackend(Optional.of("of the weather"), Precision.BF16, _ -> true);
    Fixtures.library();
    assertEquals(new Availability.Unavailable("of the weather"), backend.availability());
    assertEquals(
        "backend onednn cannot be used: of the weather",
        assertThrows(IllegalStateException.class, () -> backend.open(1)).getMessage());
    assertEquals(
        "backend onednn cannot be used: of the weather",
        assertThrows(
                IllegalArgumentException.class,
                () -> new Backends(List.of(backend)).choose("onednn"))
            .getMessage());
  }

  @Test
  void itIsAvailableOnlyWhereTheCpuHasMatrixUnits() {
    if (new OneDnnBackend().availability() instanceof Availability.Available) {
      assertEquals(Optional.empty(), Platform.here().noMatrixUnits());
    } else {
      assertThrows(IllegalStateException.class, () -> new OneDnnBackend().open(1));
    }
  }

  @Test
  void anImplementationThatStandsInIsRefusedByName() {
    Fixtures.library();
    Backend backend = new OneDnnBackend(Optional.empty(), Precision.F32, _ -> false);
    Availability.Unavailable refused =
        assertInstanceOf(Availability.Unavailable.class, backend.availability());
    assertTrue(
        refused.reason().matches("oneDNN would multiply by \\S+, which uses no matrix units"),
        refused.reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ref:any", "gemm:jit", "gemm:jit_amx", "brg_matmul:avx512_core_bf16"})
  void implementationsWithoutMatrixUnitsAreNotUsed(String name) {
    assertFalse(OneDnnBackend.usesMatrixUnits(name));
  }

  @Test
  void implementationsWithMatrixUnitsAreUsed() {
    assertTrue(OneDnnBackend.usesMatrixUnits("brg_matmul:avx10_1_512_amx"));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void withoutTheCheckOfTheCpuItIsAvailableWhereOneDnnCanMultiply(Precision precision) {
    Availability availability = Fixtures.backend(precision).availability();
    if (Fixtures.precisions().contains(precision)) {
      assertInstanceOf(Availability.Available.class, availability);
    } else {
      assertEquals(
          new Availability.Unavailable("oneDNN has no products in BF16 for this CPU"),
          availability);
    }
  }
}
