package rwkv.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import rwkv.app.prompt.PromptTemplate;
import rwkv.app.prompt.PromptTemplates;

/** {@code rwkv templates}: how prompts can be written. */
@Command(
    name = "templates",
    description = "Shows the prompt templates: what is written, and what ends an answer.",
    footer = {"", "Examples:", "  rwkv templates"})
final class TemplatesCommand implements Callable<Integer> {

  @ParentCommand private RwkvCommand root;

  @Override
  public Integer call() {
    for (PromptTemplate template : PromptTemplates.all()) {
      Lines lines = new Lines(root.out());
      lines.add(template.id(), "%s. %s", template.title(), template.about());
      lines.add("", "%s", visible(template.form().lead() + template.form().turn()));
      if (template.hasInput()) {
        lines.add("", "%s", visible(template.form().lead() + template.form().turnWithInput()));
      }
      if (template.hasSystem()) {
        lines.add("", "before it: %s", visible(template.form().system()));
      }
      for (String stop : template.stops()) {
        lines.add("", "ends before %s", visible(stop));
      }
    }
    return 0;
  }

  private static String visible(String text) {
    return "\"" + text.replace("\n", "\\n") + "\"";
  }
}
