package com.example.plugin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerContract;

class Latin1TokenizerTest extends TokenizerContract {

  @Override
  protected Tokenizer tokenizer() {
    return new Latin1Tokenizer();
  }

  @Override
  protected String text(Random source, int length) {
    return source
        .ints(length, 0, 256)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Test
  void aTokenIsOneMoreThanTheCharacter() {
    assertArrayEquals(new int[] {'d' + 1, 0xE9 + 1}, tokenizer().encode("d\u00E9"));
  }
}
