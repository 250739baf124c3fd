package rwkv.engine;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine's layers and the things an engine does not do. */
class ArchitectureTest {
  /** A package uses only what stands above it. */
  private static final List<String> ORDER =
      Stream.of(
              "tensor",
              "checkpoint",
              "naming",
              "backend",
              "trace",
              "backend.cpu",
              "backend.cuda",
              "model",
              "sampling",
              "session",
              "analysis",
              "convert",
              "verify",
              "setting",
              "train.task",
              "train",
              "train.run",
              "bench",
              "check")
          .map(name -> "rwkv.engine." + name)
          .toList();

  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("rwkv.engine");

  @Test
  void theEngineWasSeen() {
    assertTrue(ENGINE.size() >= 20, () -> "saw only " + ENGINE.size() + " classes");
    assertTrue(ENGINE.stream().anyMatch(in("rwkv.engine.tensor")), "saw no rwkv.engine.tensor");
  }

  @Test
  void everyPackageHasAPlaceInTheOrder() {
    classes().should().resideInAnyPackage(ORDER.toArray(String[]::new)).check(ENGINE);
  }

  static Stream<String> order() {
    return ORDER.stream();
  }

  @ParameterizedTest
  @MethodSource("order")
  void usesOnlyWhatStandsAbove(String layer) {
    var below = ORDER.subList(ORDER.indexOf(layer) + 1, ORDER.size());
    noClasses()
        .that(in(layer))
        .should()
        .dependOnClassesThat(resideInAnyPackage(below.toArray(String[]::new)))
        .allowEmptyShould(true)
        .check(ENGINE);
  }

  @Test
  void modelsDoNotKnowWhatTheyRunOn() {
    noClasses()
        .that(in("rwkv.engine.model"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("rwkv.engine.backend.cpu..", "rwkv.engine.backend.cuda.."))
        .allowEmptyShould(true)
        .check(ENGINE);
  }

  @Test
  void samplingAndAnalysisNeedNoSession() {
    noClasses()
        .that(resideInAnyPackage("rwkv.engine.sampling", "rwkv.engine.analysis"))
        .should()
        .dependOnClassesThat(in("rwkv.engine.session"))
        .allowEmptyShould(true)
        .check(ENGINE);
  }

  @Test
  void hasNoScreen() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAnyPackage("javafx..", "java.awt..", "javax.swing.."))
        .check(ENGINE);
  }

  @Test
  void neverPrints() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(ENGINE.that(areNoProgram()));
    noClasses().should().dependOnClassesThat().belongToAnyOf(IO.class).check(ENGINE);
  }

  @Test
  void neverEndsTheProgram() {
    noClasses()
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(ENGINE.that(areNoProgram()));
    noClasses().should().callMethod(Runtime.class, "exit", int.class).check(ENGINE);
    noClasses().should().callMethod(Runtime.class, "halt", int.class).check(ENGINE);
  }

  /** All but the one that a script starts where there is nothing but the engine. */
  private static DescribedPredicate<JavaClass> areNoProgram() {
    return describe("are no program", type -> !type.getFullName().equals("rwkv.engine.check.Main"));
  }

  private static DescribedPredicate<JavaClass> in(String name) {
    return describe("reside in " + name, type -> type.getPackageName().equals(name));
  }
}
