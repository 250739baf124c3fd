package com.example.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider;

/** For models whose tokens are the characters of western European languages. */
public final class Latin1Provider implements TokenizerProvider {

  @Override
  public String id() {
    return "latin1";
  }

  @Override
  public String name() {
    return "Latin-1 characters";
  }

  @Override
  public boolean needsFile() {
    return false;
  }

  /** At a pinch: nothing but the number of tokens speaks for it. */
  @Override
  public List<Offer> offers(ModelHint model) {
    return model.vocabularySize() == Latin1Tokenizer.SIZE
        ? List.of(new Offer(id(), Optional.empty(), 1, "257 tokens could be Latin-1 characters"))
        : List.of();
  }

  @Override
  public Tokenizer create(Optional<Path> vocabulary) {
    return new Latin1Tokenizer();
  }
}
