package com.example.plugin;

import java.util.List;
import java.util.random.RandomGenerator;
import rwkv.engine.session.Session;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Findings;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** Whether a passage of random tokens is predicted better when it is read a second time. */
public final class SecondReadingProbe implements Probe {

  @Override
  public String id() {
    return "second-reading";
  }

  @Override
  public String name() {
    return "Second reading";
  }

  @Override
  public String question() {
    return "How much better does the model predict a passage when it reads it again?";
  }

  @Override
  public String method() {
    return "Passages of random tokens are read twice in a row. The loss of a token is −ln of the"
        + " probability that the model gave it; nothing but memory can lower it in the second"
        + " reading.";
  }

  @Override
  public List<Setting> parameters() {
    return List.of(
        Setting.whole("tokens", 32, 2, 1024, "tokens of a passage"),
        Setting.whole("passages", 4, 1, 100, "passages to average over"));
  }

  @Override
  public ProbeResult run(ProbeContext context) {
    int tokens = context.parameters().whole("tokens");
    int passages = context.parameters().whole("passages");
    RandomGenerator random = context.random("passages");
    double[][] losses = new double[2][tokens];
    for (int p = 0; p < passages; p++) {
      Session session = context.session();
      // Token 0 ends a text in most vocabularies.
      float[] logits = session.decode(0);
      int[] passage = random.ints(tokens, 1, logits.length).toArray();
      for (int i = 0; i < 2 * tokens; i++) {
        int token = passage[i % tokens];
        losses[i / tokens][i % tokens] += loss(logits, token) / passages;
        logits = session.decode(token);
        context.progress().at((p * 2 * tokens + i + 1.0) / (passages * 2 * tokens));
      }
    }
    return told(context.findings(), losses);
  }

  private static ProbeResult told(Findings findings, double[][] losses) {
    Rows rows =
        findings.table(
            "loss",
            TableColumn.text("reading"),
            TableColumn.whole("token"),
            TableColumn.real("loss (nats)"));
    double[] means = new double[2];
    for (int reading = 0; reading < 2; reading++) {
      for (int i = 0; i < losses[reading].length; i++) {
        rows.add(reading == 0 ? "first" : "second", i + 1, losses[reading][i]);
        means[reading] += losses[reading][i] / losses[reading].length;
      }
    }
    findings.chart(
        new Chart.Lines(
            "Loss at each token", "loss", Axis.of("token"), Axis.of("loss (nats)"), "reading"));
    findings.figure("first loss", means[0]);
    findings.figure("second loss", means[1]);
    return findings.result(
        "The loss is %.3f nats a token at first and %.3f in the second reading."
            .formatted(means[0], means[1]));
  }

  /** {@code −ln softmax(logits)[token]}. */
  private static double loss(float[] logits, int token) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return largest + Math.log(sum) - logits[token];
  }
}
