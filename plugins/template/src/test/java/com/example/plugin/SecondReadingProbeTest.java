package com.example.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import rwkv.engine.session.Engine;
import rwkv.plugin.ByteTokens;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContract;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.SmallModel;
import rwkv.plugin.TestRun;

class SecondReadingProbeTest extends ProbeContract {

  @Override
  protected Probe probe() {
    return new SecondReadingProbe();
  }

  @Override
  protected Map<String, ?> parameters() {
    return Map.of("tokens", 6, "passages", 2);
  }

  @Test
  void everyTokenIsInTheTableTwice() {
    try (Engine engine = SmallModel.of(7).open()) {
      ProbeResult result =
          probe().run(TestRun.of(probe(), engine, new ByteTokens(), parameters(), 1));
      assertEquals(12, result.table("loss").rowCount());
    }
  }
}
