package rwkv.app.decaylab;

/** Which layers an edit changes. */
public enum Scope {
  LAYER("This layer", "Edits change the chosen layer only."),
  ALL(
      "All layers",
      "Edits change every layer: dragging a point multiplies the half-lives of all layers alike,"
          + " painting and formulas set them."),
  BETWEEN(
      "First to last",
      "Edit the first and the last layer; those between go from one to the other in equal ratios"
          + " of half-life.");

  private final String title;
  private final String help;

  Scope(String title, String help) {
    this.title = title;
    this.help = help;
  }

  public String title() {
    return title;
  }

  /** What it does, in a sentence. */
  public String help() {
    return help;
  }
}
