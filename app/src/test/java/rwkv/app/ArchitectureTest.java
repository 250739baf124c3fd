package rwkv.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.function.Predicate;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom: engine, plugins, app, and inside the app its view models. */
class ArchitectureTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("rwkv");

  @ParameterizedTest
  @ValueSource(strings = {"rwkv.engine.", "rwkv.plugin.", "rwkv.app."})
  void everyModuleWasSeen(String prefix) {
    assertTrue(
        ALL.stream().anyMatch(type -> type.getName().startsWith(prefix)), "saw no " + prefix);
  }

  @Test
  void theEngineKnowsNobody() {
    noClasses()
        .that()
        .resideInAPackage("rwkv.engine..")
        .should()
        .dependOnClassesThat(
            describe(
                "rwkv outside the engine",
                type -> type.getName().startsWith("rwkv.") && !isIn(type, "rwkv.engine")))
        .check(ALL);
  }

  @Test
  void pluginsKnowTheEngineAndTheApiButNotTheApp() {
    noClasses()
        .that()
        .resideOutsideOfPackage("rwkv.app..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("rwkv.app..")
        .check(ALL);
  }

  @Test
  void thePluginApiKnowsNoPlugin() {
    noClasses()
        .that()
        .resideInAPackage("rwkv.plugin..")
        .should()
        .dependOnClassesThat(
            describe(
                "rwkv outside the engine and the plugin API",
                type ->
                    type.getName().startsWith("rwkv.")
                        && !isIn(type, "rwkv.engine")
                        && !isIn(type, "rwkv.plugin")))
        .check(ALL);
  }

  @Test
  void onlyTheBridgeCrossesToTheFxThread() {
    noClasses()
        .that(belongToClassesNamed("belong to FxBridge", name -> name.equals("FxBridge")).negate())
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Platform.class, AnimationTimer.class)
        .check(ALL);
  }

  @Test
  void viewModelsNeedNoScreen() {
    noClasses()
        .that(belongToClassesNamed("belong to a view model", name -> name.endsWith("ViewModel")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("javafx.scene..")
        .allowEmptyShould(true)
        .check(ALL);
  }

  @Test
  void promptsAreTextAlone() {
    noClasses()
        .that()
        .resideInAPackage("rwkv.app.prompt")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("javafx..")
        .check(ALL);
  }

  @Test
  void pluginsAreFoundAndWatchedWithoutAWindow() {
    noClasses()
        .that(
            belongToClassesNamed(
                "belong to the model of plugins",
                name -> !name.matches(".*(ViewModel|Pane|Table)")))
        .and()
        .resideInAPackage("rwkv.app.plugins")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("javafx..")
        .check(ALL);
  }

  @Test
  void probesRunWithoutAWindow() {
    noClasses()
        .that()
        .resideInAnyPackage("rwkv.app.probing", "rwkv.app.chartfile")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("javafx..")
        .check(ALL);
  }

  /** Nested classes and lambdas count as part of the class around them. */
  private static DescribedPredicate<JavaClass> belongToClassesNamed(
      String description, Predicate<String> fits) {
    return describe(
        description,
        type -> {
          var outermost = type;
          while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
          }
          return fits.test(outermost.getSimpleName());
        });
  }

  private static boolean isIn(JavaClass type, String name) {
    return type.getPackageName().equals(name) || type.getPackageName().startsWith(name + ".");
  }
}
