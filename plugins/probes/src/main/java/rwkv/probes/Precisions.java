package rwkv.probes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import rwkv.engine.convert.StoredAs;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeException;
import rwkv.plugin.ProbeResult;

/** A run of {@link PrecisionProbe}. */
final class Precisions {

  /** Tokens whose residuals are held at a time. */
  private static final int CHUNK = 64;

  private final ProbeContext context;
  private final int tokens;
  private final int lenses;
  private final PrecisionTables tables;

  Precisions(ProbeContext context) {
    this.context = context;
    this.tokens = context.parameters().whole("tokens");
    this.lenses = context.parameters().whole("lenses");
    this.tables = new PrecisionTables(context.findings(), lenses > 0);
  }

  ProbeResult run() {
    List<DType> types = types(context.parameters().text("types"));
    Span whole = new Span(context.progress(), 0, 1);
    int[] text = ProbeText.of(context, tokens, new Span(whole, 0, 0.1));
    if (text.length < 2) {
      throw new ProbeException(
          "the text has %d tokens, expected at least 2".formatted(text.length));
    }
    Span rest = new Span(whole, 0.1, 1);
    for (int i = 0; i < types.size(); i++) {
      measure(types.get(i), text, rest.part(i, types.size()));
    }
    context.progress().at(1);
    return tables.result();
  }

  /** The types of a list with commas. */
  static List<DType> types(String list) {
    List<DType> types = new ArrayList<>();
    for (String name : list.split(",")) {
      DType type =
          Arrays.stream(DType.values())
              .filter(each -> each.isFloating() && each != DType.F64)
              .filter(each -> each.name().equalsIgnoreCase(name.strip()))
              .findFirst()
              .orElseThrow(() ->
                  new ProbeException(
                      "types has '%s', expected some of %s".formatted(name.strip(), known())));
      if (!types.contains(type)) {
        types.add(type);
      }
    }
    return types;
  }

  private static String known() {
    return Arrays.stream(DType.values())
        .filter(each -> each.isFloating() && each != DType.F64)
        .map(type -> type.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private void measure(DType type, int[] text, Span span) {
    StoredAs stored = StoredAs.of(context.checkpoint(), type, new Span(span, 0, 0.3));
    try (Engine other = context.open(stored)) {
      PrecisionErrors errors =
          new PrecisionErrors(context.model().spec(), context.checkpoint(), lensEvery(text.length));
      Passes right = new Passes(context.model(), 1);
      Passes changed = new Passes(other.model(), 1);
      for (int at = 0; at < text.length; at += CHUNK) {
        int to = Math.min(text.length, at + CHUNK);
        right.compare(
            changed,
            new int[][] {text},
            at,
            to,
            errors.right(),
            errors.other(),
            (_, token, p, q) ->
                errors.prediction(p, q, token + 1 < text.length ? text[token + 1] : -1),
            new Span(span, reached(at, text), reached((at + to) / 2, text)));
        errors.take(at, new Span(span, reached((at + to) / 2, text), reached(to, text)));
      }
      errors.states(right.state(), changed.state());
      tables.add(type, other.model().weightBytesPerToken(), errors);
    }
  }

  /** How far a type has come, storing it included. */
  private static double reached(int tokens, int[] text) {
    return 0.3 + 0.7 * tokens / text.length;
  }

  /** A lens is held at every so many tokens; 0 for none. */
  private int lensEvery(int length) {
    return lenses == 0 ? 0 : Math.max(1, length / lenses);
  }
}
