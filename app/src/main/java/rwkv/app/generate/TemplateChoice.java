package rwkv.app.generate;

import javafx.scene.control.ComboBox;
import javafx.scene.control.ListCell;
import javafx.scene.control.Tooltip;
import rwkv.app.prompt.PromptTemplate;
import rwkv.app.prompt.PromptTemplates;

/** A menu of prompt templates; pointing at one tells what it is for. */
public final class TemplateChoice extends ComboBox<PromptTemplate> {

  public TemplateChoice() {
    getStyleClass().add("template-choice");
    getItems().setAll(PromptTemplates.all());
    setValue(PromptTemplates.PLAIN);
    setVisibleRowCount(getItems().size());
    setCellFactory(_ -> new Cell());
    Tooltip words = new Tooltip();
    valueProperty()
        .subscribe(template -> {
          if (template != null) {
            words.setText(template.about());
          }
        });
    setTooltip(words);
    setAccessibleText("How the prompt is written");
  }

  private static final class Cell extends ListCell<PromptTemplate> {

    @Override
    protected void updateItem(PromptTemplate template, boolean empty) {
      super.updateItem(template, empty);
      setText(empty || template == null ? "" : template.title());
      setTooltip(empty || template == null ? null : new Tooltip(template.about()));
    }
  }
}
