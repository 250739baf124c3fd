package rwkv.app.decaylab;

import rwkv.app.chart.PlotPicture;

/** A picture of the lab, drawn anew when the curve or the chosen layer changes. */
abstract class LabPicture extends PlotPicture {

  private final DecayLabViewModel model;

  @SuppressWarnings("this-escape")
  LabPicture(DecayLabViewModel model, Margins margins) {
    super(margins);
    this.model = model;
    model.revisionProperty().subscribe((_, _) -> show());
    model.layerProperty().subscribe((_, _) -> show());
  }

  final DecayLabViewModel model() {
    return model;
  }
}
