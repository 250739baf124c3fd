package rwkv.app.theme;

import java.io.IOException;
import java.io.UncheckedIOException;
import javafx.fxml.FXMLLoader;

/** Fills a node from the FXML file of the same name beside its class. */
public final class Fxml {

  private Fxml() {}

  /**
   * Loads {@code <class name>.fxml}, whose root is {@code fx:root}, into {@code view}, which is
   * also its controller.
   */
  public static void load(Object view) {
    Class<?> type = view.getClass();
    FXMLLoader loader = new FXMLLoader(type.getResource(type.getSimpleName() + ".fxml"));
    loader.setRoot(view);
    loader.setController(view);
    try {
      loader.load();
    } catch (IOException e) {
      throw new UncheckedIOException("layout of " + type.getSimpleName(), e);
    }
  }
}
