package com.example.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import rwkv.plugin.Tokenizer;

/** A token for each character of Latin-1, one more than its code; 0 ends a text. */
final class Latin1Tokenizer implements Tokenizer {

  static final int SIZE = 257;

  @Override
  public String name() {
    return "Latin-1 characters";
  }

  @Override
  public int vocabularySize() {
    return SIZE;
  }

  @Override
  public int[] encode(String text) {
    return text.codePoints().map(Latin1Tokenizer::token).toArray();
  }

  private static int token(int character) {
    if (character >= SIZE - 1) {
      throw new IllegalArgumentException(
          "the character U+%04X is not of Latin-1".formatted(character));
    }
    return character + 1;
  }

  @Override
  public byte[] bytes(int token) {
    return token < 1 || token >= SIZE ? new byte[0] : Character.toString(token - 1).getBytes(UTF_8);
  }
}
