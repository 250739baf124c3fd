package rwkv.app.chart;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javafx.animation.AnimationTimer;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.geometry.Orientation;
import javafx.scene.Scene;
import javafx.scene.control.SplitPane;
import javafx.scene.image.WritableImage;
import javafx.stage.Stage;
import rwkv.app.cursor.PlaceCursor;
import rwkv.app.decay.DecayView;
import rwkv.app.decay.HalfLifeStrip;
import rwkv.app.state.HeadView;
import rwkv.app.state.StateWall;

/**
 * Takes pictures of all views with a synthetic model, to be looked at: {@code PictureDemo folder
 * layers heads size}.
 */
public final class PictureDemo {

  private PictureDemo() {}

  public static void main(String[] arguments) {
    Application.launch(Window.class, arguments);
  }

  /** The window. */
  public static final class Window extends Application {

    private final StateWall wall = new StateWall();
    private final HalfLifeStrip strip = new HalfLifeStrip();
    private final HeadView head = new HeadView();
    private final DecayView decay = new DecayView();
    private final PlaceCursor cursor = new PlaceCursor();

    @Override
    public void start(Stage stage) throws IOException {
      var arguments = getParameters().getRaw();
      Path folder = Files.createDirectories(Path.of(arguments.get(0)));
      int layers = Integer.parseInt(arguments.get(1));
      int heads = Integer.parseInt(arguments.get(2));
      int size = Integer.parseInt(arguments.get(3));
      SyntheticModel model = new SyntheticModel(layers, heads, size, 7);
      Application.setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
      Scene scene = new Scene(window(), 1280, 800);
      stage.setScene(scene);
      stage.show();
      cursor.bounds(layers, heads);
      cursor.moveTo(layers / 2, 1);
      head.share(wall.state());
      for (int t = 0; t < (layers * heads > 200 ? 20 : 150); t++) {
        if (t == 0) {
          open(model);
        }
        model.step();
        show(model);
      }
      String name = layers + "x" + heads + "x" + size;
      List<Runnable> shots = new ArrayList<>();
      for (boolean dark : new boolean[] {false, true}) {
        String theme = dark ? "dark" : "light";
        for (int[] shape : new int[][] {{1280, 800}, {2560, 1440}}) {
          shots.add(() -> dress(scene, dark, shape));
          for (int pulse = 0; pulse < 20; pulse++) {
            shots.add(() -> show(model));
          }
          shots.add(() -> saveCaptioned(folder.resolve(name + "-" + theme + "-captioned.png")));
          Path file = folder.resolve(name + "-" + theme + "-" + shape[0] + ".png");
          shots.add(() -> shoot(scene, shape, file));
        }
      }
      shots.add(Platform::exit);
      Iterator<Runnable> next = shots.iterator();
      new AnimationTimer() {
        @Override
        public void handle(long now) {
          if (next.hasNext()) {
            next.next().run();
          }
        }
      }.start();
    }

    private static void dress(Scene scene, boolean dark, int[] shape) {
      Application.setUserAgentStylesheet(
          dark
              ? new PrimerDark().getUserAgentStylesheet()
              : new PrimerLight().getUserAgentStylesheet());
      scene.getWindow().setWidth(shape[0]);
      scene.getWindow().setHeight(shape[1]);
    }

    private static void shoot(Scene scene, int[] shape, Path file) {
      try {
        Png.write(scene.snapshot(new WritableImage(shape[0], shape[1])), "demo", file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void saveCaptioned(Path file) {
      try {
        PictureRegion picture = (PictureRegion) wall.lookup(".wall-picture");
        Png.write(CaptionedPicture.of(wall, picture, "A caption as it is saved."), file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private SplitPane window() {
      SplitPane left = new SplitPane(wall, strip);
      left.setOrientation(Orientation.VERTICAL);
      left.setDividerPositions(0.78);
      SplitPane right = new SplitPane(head, decay);
      right.setOrientation(Orientation.VERTICAL);
      right.setDividerPositions(0.58);
      SplitPane all = new SplitPane(left, right);
      all.setDividerPositions(0.66);
      all.setStyle("-fx-background-color: -color-bg-default");
      return all;
    }

    private void open(SyntheticModel model) {
      wall.bind(cursor);
      strip.bind(cursor);
      head.bind(cursor);
      decay.bind(cursor);
      wall.open(model.spec(), "synthetic");
      strip.open(model.spec(), "synthetic");
      head.open(model.spec(), "synthetic");
      decay.open(model.spec(), "synthetic");
    }

    private void show(SyntheticModel model) {
      head.token(model.token());
      var frame = model.frame(cursor.place().layer(), cursor.place().head());
      wall.show(frame);
      strip.show(frame);
      head.show(frame);
      decay.show(frame);
    }
  }
}
