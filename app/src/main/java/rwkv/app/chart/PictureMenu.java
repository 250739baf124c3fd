package rwkv.app.chart;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import javafx.scene.Node;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.Table;

/**
 * The context menu of a picture: copy it, save it, export its numbers, all with a caption that says
 * model, token, place and scale. What happened is told by a {@link PictureMessage}.
 */
public final class PictureMenu {

  private final Region view;
  private final PictureRegion picture;
  private final String name;
  private final Supplier<String> caption;
  private final ContextMenu menu = new ContextMenu();
  private @Nullable File folder;

  /**
   * Gives a view its menu.
   *
   * @param view what is copied and saved
   * @param picture where the menu is asked for, and whose colours surround the caption
   * @param name file names proposed begin with
   * @param caption what the picture shows at the time
   */
  public PictureMenu(Region view, PictureRegion picture, String name, Supplier<String> caption) {
    this(view, picture, picture, name, caption);
  }

  /**
   * Gives a view that is not drawn by the pixel its menu.
   *
   * @param view what is copied and saved
   * @param picture whose colours surround the caption
   * @param asked where the menu is asked for
   * @param name file names proposed begin with
   * @param caption what the view shows at the time
   */
  public PictureMenu(
      Region view, PictureRegion picture, Node asked, String name, Supplier<String> caption) {
    this.view = view;
    this.picture = picture;
    this.name = name;
    this.caption = caption;
    add("Copy picture", this::copy);
    add("Save picture as PNG…", this::save);
    asked.setOnContextMenuRequested(event -> {
      menu.show(asked, event.getScreenX(), event.getScreenY());
      event.consume();
    });
    asked.addEventHandler(MouseEvent.MOUSE_PRESSED, _ -> menu.hide());
  }

  /** Adds an item that exports numbers as they are then. */
  public PictureMenu export(String words, String suffix, Supplier<Table> numbers) {
    return add(words, () -> export(suffix, numbers.get()));
  }

  /** Adds an item. */
  public PictureMenu add(String words, Runnable action) {
    MenuItem item = new MenuItem(words);
    item.setOnAction(_ -> action.run());
    return add(item);
  }

  /** Adds an item. */
  public PictureMenu add(MenuItem item) {
    menu.getItems().add(item);
    return this;
  }

  /** Adds a line between items. */
  public PictureMenu separate() {
    menu.getItems().add(new SeparatorMenuItem());
    return this;
  }

  /** Puts text into the clipboard. */
  public static void copyText(String text) {
    ClipboardContent content = new ClipboardContent();
    content.putString(text);
    Clipboard.getSystemClipboard().setContent(content);
  }

  private void copy() {
    ClipboardContent content = new ClipboardContent();
    content.putImage(CaptionedPicture.of(view, picture, caption.get()));
    Clipboard.getSystemClipboard().setContent(content);
    tell("The picture is in the clipboard.", null);
  }

  /** Asks for a file and writes the picture into it. */
  public void save() {
    File file = ask("PNG picture", name, "png");
    if (file != null) {
      String words = caption.get();
      Path path = file.toPath();
      write(path, () -> Png.write(CaptionedPicture.of(view, picture, words), words, path));
    }
  }

  /** Asks for a file and writes numbers into it. */
  public void export(String suffix, Table numbers) {
    File file = ask("Comma-separated values", name + suffix, "csv");
    if (file != null) {
      Path path = file.toPath();
      write(path, () -> Files.writeString(path, Csv.text(numbers, caption.get())));
    }
  }

  private interface Writing {
    void run() throws IOException;
  }

  private void write(Path path, Writing writing) {
    try {
      writing.run();
      tell("Saved " + path + ".", null);
    } catch (IOException e) {
      tell(path + " could not be written.", e);
    }
  }

  private @Nullable File ask(String kind, String proposal, String extension) {
    FileChooser chooser = new FileChooser();
    chooser.getExtensionFilters().add(new ExtensionFilter(kind, "*." + extension));
    chooser.setInitialFileName(proposal + "." + extension);
    if (folder != null && folder.isDirectory()) {
      chooser.setInitialDirectory(folder);
    }
    File file = chooser.showSaveDialog(view.getScene().getWindow());
    if (file != null) {
      folder = file.getParentFile();
    }
    return file;
  }

  private void tell(String sentence, @Nullable Exception failure) {
    view.fireEvent(new PictureMessage(sentence, failure));
  }

  /** The menu itself. */
  ContextMenu menu() {
    return menu;
  }
}
