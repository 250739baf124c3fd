package rwkv.app;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.beans.value.ObservableValue;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import rwkv.app.SplitLayout.Part;
import rwkv.app.chat.ChatPane;
import rwkv.app.generate.GeneratePane;
import rwkv.app.theme.Fxml;

/** Text and pictures of one session. */
public final class ExplorePane extends SplitPane {

  private static final double STRIP_HEIGHT = 104;

  private static final double LEFT_WIDTH = 420;
  private static final double RIGHT_WIDTH = 400;

  @FXML private SplitPane left;
  @FXML private SplitPane right;
  private final GeneratePane text = new GeneratePane();
  private final ChatPane chat = new ChatPane();
  private final Pictures pictures = new Pictures();
  private Map<String, SplitLayout> layouts = Map.of();

  public ExplorePane() {
    Fxml.load(this);
  }

  void bind(WorkbenchViewModel workbench) {
    text.bind(workbench.generate());
    chat.bind(workbench.chat());
    pictures.bind(workbench.place());
    VBox wall = new VBox(pictures.wall(), pictures.strip());
    VBox.setVgrow(pictures.wall(), Priority.ALWAYS);
    wall.setMinWidth(LEFT_WIDTH);
    right.setMinWidth(RIGHT_WIDTH);
    pictures.head().setMinWidth(RIGHT_WIDTH);
    pictures.decay().setMinWidth(RIGHT_WIDTH);
    pictures.strip().setMinHeight(STRIP_HEIGHT);
    pictures.strip().setPrefHeight(STRIP_HEIGHT);
    ObservableValue<Boolean> textShown = workbench.shown(Pane.TEXT);
    ObservableValue<Boolean> wallShown = workbench.shown(Pane.WALL);
    ObservableValue<Boolean> headShown = workbench.shown(Pane.HEAD);
    ObservableValue<Boolean> decayShown = workbench.shown(Pane.DECAY);
    // While one talks, the talk takes the place of text and wall; the head stays in view.
    ObservableValue<Boolean> chatting =
        workbench.activityProperty().map(now -> now == Activity.CHAT);
    chat.visibleProperty().bind(chatting);
    left.visibleProperty().bind(chatting.map(now -> !now));
    StackPane column = new StackPane(left, chat);
    Part leftSide = new Part(column, either(chatting, either(textShown, wallShown)));
    Part rightSide = new Part(right, either(headShown, decayShown));
    layouts =
        Map.of(
            "left", split(left, 0.33, text, textShown, wall, wallShown),
            "right", split(right, 0.58, pictures.head(), headShown, pictures.decay(), decayShown),
            "explore", new SplitLayout(this, 0.61, leftSide, rightSide));
  }

  GeneratePane text() {
    return text;
  }

  ChatPane chat() {
    return chat;
  }

  Pictures pictures() {
    return pictures;
  }

  void setDividers(Map<String, List<Double>> remembered) {
    layouts.forEach((name, layout) -> layout.setDivider(remembered.getOrDefault(name, List.of())));
  }

  Map<String, List<Double>> dividers() {
    Map<String, List<Double>> dividers = new HashMap<>();
    layouts.forEach((name, layout) -> dividers.put(name, layout.dividers()));
    return dividers;
  }

  private static SplitLayout split(
      SplitPane pane,
      double divider,
      Node first,
      ObservableValue<Boolean> firstShown,
      Node second,
      ObservableValue<Boolean> secondShown) {
    return new SplitLayout(
        pane, divider, new Part(first, firstShown), new Part(second, secondShown));
  }

  private static ObservableValue<Boolean> either(
      ObservableValue<Boolean> one, ObservableValue<Boolean> other) {
    return one.flatMap(first -> other.map(second -> first || second));
  }
}
