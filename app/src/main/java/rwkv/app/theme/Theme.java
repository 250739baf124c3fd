package rwkv.app.theme;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.util.Objects;
import javafx.application.Application;
import javafx.css.PseudoClass;
import javafx.scene.Scene;

/** The two looks of the workbench. */
public enum Theme {
  LIGHT,
  DARK;

  private static final PseudoClass DARK_CLASS = PseudoClass.getPseudoClass("dark");
  private static final String SHEET =
      Objects.requireNonNull(Theme.class.getResource("workbench.css")).toExternalForm();

  public Theme other() {
    return this == LIGHT ? DARK : LIGHT;
  }

  /** Dresses a window's content; the root node has the pseudo-class {@code dark} or not. */
  public void applyTo(Scene scene) {
    Application.setUserAgentStylesheet(
        this == DARK
            ? new PrimerDark().getUserAgentStylesheet()
            : new PrimerLight().getUserAgentStylesheet());
    if (!scene.getStylesheets().contains(SHEET)) {
      scene.getStylesheets().add(SHEET);
    }
    scene.getRoot().pseudoClassStateChanged(DARK_CLASS, this == DARK);
  }
}
