package rwkv.engine.session;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Consumer;
import rwkv.engine.sampling.Sampler;
import rwkv.engine.sampling.SamplerSettings;
import rwkv.engine.session.Event.Activity;
import rwkv.engine.session.Event.Dynamics;
import rwkv.engine.session.Event.End;
import rwkv.engine.session.Event.Prediction;
import rwkv.engine.trace.Trace;

/**
 * What a {@link SessionThread} does on its thread: carries out commands and makes the next token.
 */
final class Runner {

  /** Prompts up to this long are read token by token, so that every token's picture can be seen. */
  private static final int ONE_BY_ONE = 128;

  private static final int CHUNK = 32;

  private final Session session;
  private final int endOfText;
  private final Consumer<Event> sink;
  private final FrameExchange frames;
  private final DecayWindow decays;
  private final SkippedShares skipped;
  private final DynamicsMeter meter;
  private final FrameFiller filler;
  private final Pacer pacer;
  private final ArrayDeque<Integer> unread = new ArrayDeque<>();
  private Command.Watch watch;
  private Sampler sampler;
  private StopGuard guard;
  private Activity activity = Activity.IDLE;
  private int wanted;
  private boolean single;
  private boolean oneByOne;

  Runner(Standing.Prepared prepared, int endOfText, Consumer<Event> sink, FrameExchange frames) {
    this.session = prepared.session();
    this.sampler = prepared.sampler();
    this.endOfText = endOfText;
    this.sink = sink;
    this.frames = frames;
    var spec = session.model().spec();
    this.decays = prepared.decays();
    // What has been handed over counts as watched, so that the first to look at it finds it.
    this.watch = new Command.Watch(false, decays.size() > 0, false, 0, 0);
    this.skipped = new SkippedShares(spec.layers());
    this.meter = new DynamicsMeter(spec);
    this.filler = new FrameFiller(spec, decays, skipped);
    this.guard = prepared.guard();
    this.pacer = new Pacer(speed -> sink.accept(new Event.Speed(speed)));
  }

  boolean busy() {
    return activity != Activity.IDLE;
  }

  /** Nanoseconds until the next token is due; at most 0 if it is. */
  long nanosToNext() {
    return activity == Activity.READING ? 0 : pacer.nanosToNext();
  }

  void carryOut(Command command) {
    switch (command) {
      case Command.Feed(int[] tokens, int most, StopRule stop) -> {
        feed(tokens);
        begin(stop);
        if (most > 0) {
          generate(most);
        }
      }
      case Command.Generate(int most, StopRule stop) -> {
        begin(stop);
        generate(most);
      }
      case Command.Step(StopRule stop) -> {
        begin(stop);
        single = true;
        generate(1);
      }
      case Command.Again(int most, StopRule stop) -> again(most, stop);
      case Command.Pause _ -> {
        wanted = 0;
        if (busy()) {
          idle(End.PAUSED);
        }
      }
      case Command.Reset _ -> reset();
      case Command.Begin(var initial) -> {
        session.initial(initial);
        reset();
      }
      case Command.Sample(SamplerSettings settings) -> sampler = sampler.with(settings);
      case Command.Pace(double tokensPerSecond) -> pacer.pace(tokensPerSecond);
      case Command.Watch wish -> watch(wish);
    }
  }

  /** Makes or reads the next token. */
  void advance() {
    if (!unread.isEmpty()) {
      read();
    } else if (wanted > 0) {
      make();
    } else {
      idle(End.ENOUGH);
    }
  }

  /** Leaves everything unfinished where it is. */
  void stop() {
    wanted = 0;
    unread.clear();
    if (busy()) {
      idle(End.PAUSED);
    }
  }

  /** Leaves everything, without a look at the state. */
  void abandon() {
    wanted = 0;
    unread.clear();
    activity = Activity.IDLE;
    sink.accept(new Event.Status(activity, session.position(), End.PAUSED));
  }

  /** Where the session stands, with a copy of its state. */
  Standing standing() {
    return new Standing(
        session.keptNow(), session.initial(), sampler(), guard.on(session), decays.copy());
  }

  /** Where the session stands, without a look at the state. */
  Standing standingWithoutDevice() {
    return new Standing(session.kept(), session.initial(), sampler(), guard.withoutRule(), null);
  }

  private Sampler sampler() {
    return sampler.with(sampler.settings());
  }

  private void feed(int[] tokens) {
    int vocabulary = session.logits().length;
    for (int token : tokens) {
      if (token < 0 || token >= vocabulary) {
        throw new IllegalArgumentException(
            "token " + token + " is not in the model's vocabulary of " + vocabulary);
      }
    }
    for (int token : tokens) {
      unread.add(token);
    }
    oneByOne = unread.size() <= ONE_BY_ONE;
    if (!unread.isEmpty()) {
      activity(Activity.READING);
    }
  }

  /** Follows a rule from now on; one that is followed already has gone on through a pause. */
  private void begin(StopRule stop) {
    if (guard.rule() != stop) {
      guard = new StopGuard(session, stop);
      if (stop != StopRule.NONE) {
        sampler = new Sampler(sampler.settings());
      }
    }
  }

  private void again(int most, StopRule stop) {
    Session.Mark beginning = guard.beginning();
    if (beginning == null) {
      throw new IllegalArgumentException("there is no answer that could be drawn again");
    }
    unread.clear();
    int before = session.position();
    session.back(beginning);
    returned(before);
    begin(stop);
    guard.begin(beginning);
    generate(most);
  }

  /** The session has gone back, from so many tokens. */
  private void returned(int before) {
    if (session.position() < before) {
      decays.drop(before - session.position());
      meter.start(session.state());
      sink.accept(new Event.Returned(session.position()));
    }
  }

  private void generate(int most) {
    if (session.position() == 0 && unread.isEmpty()) {
      if (endOfText < 0) {
        throw new IllegalArgumentException("type a prompt first: there is nothing to go on from");
      }
      feed(new int[] {endOfText});
    }
    wanted = most;
    pacer.start();
    activity(unread.isEmpty() ? Activity.GENERATING : Activity.READING);
  }

  private void reset() {
    wanted = 0;
    unread.clear();
    session.reset();
    decays.clear();
    skipped.clear();
    meter.start(session.state());
    sampler = new Sampler(sampler.settings());
    guard = new StopGuard(session, StopRule.NONE);
    sink.accept(new Event.Restarted(session.snapshot()));
    idle(End.NONE);
  }

  private void watch(Command.Watch wish) {
    if (wish.dynamics() && !watch.dynamics()) {
      meter.start(session.state());
    }
    if (wish.decays() && !watch.decays()) {
      decays.clear();
    }
    watch = wish;
    session.trace(wish.decays() ? decays.and(skipped) : wish.states() ? skipped : Trace.OFF);
    picture(true);
  }

  private void read() {
    boolean alone = oneByOne || single;
    int[] tokens = new int[alone ? 1 : Math.min(CHUNK, unread.size())];
    Arrays.setAll(tokens, _ -> unread.remove());
    int vocabulary = session.logits().length;
    int start = session.position();
    float[] before = session.logits().clone();
    float[] all = tokens.length == 1 ? session.decode(tokens[0]) : session.prefillAll(tokens);
    Dynamics dynamics = dynamics();
    for (int i = 0; i < tokens.length; i++) {
      float[] logits = i == 0 ? before : all;
      Prediction prediction =
          start + i == 0
              ? Prediction.NONE
              : Predictions.of(logits, Math.max(0, i - 1) * vocabulary, vocabulary, tokens[i]);
      boolean last = i == tokens.length - 1;
      sink.accept(
          new Event.Token(
              start + i, tokens[i], false, prediction, last ? dynamics : Dynamics.NONE));
    }
    after(!unread.isEmpty(), End.NONE);
  }

  private void make() {
    int position = session.position();
    int token = sampler.next(session.logits(), position);
    if (!guard.admits(token)) {
      stopped(position);
      return;
    }
    one(token, true);
    wanted--;
    pacer.made();
    if (token == endOfText) {
      wanted = 0;
      idle(End.END_OF_TEXT);
    } else {
      after(wanted > 0, End.ENOUGH);
    }
  }

  /** A rule has ended the generation, and taken back what does not count. */
  private void stopped(int before) {
    returned(before);
    for (int token : guard.instead()) {
      one(token, false);
    }
    wanted = 0;
    idle(End.STOPPED);
  }

  private void one(int token, boolean drawn) {
    int position = session.position();
    float[] logits = session.logits();
    Prediction prediction = Predictions.of(logits, 0, logits.length, token);
    session.decode(token);
    sink.accept(new Event.Token(position, token, drawn, prediction, dynamics()));
  }

  private Dynamics dynamics() {
    return watch.dynamics() ? meter.measure(session.state()) : Dynamics.NONE;
  }

  private void after(boolean more, End end) {
    boolean unfinished = more || wanted > 0;
    if (single || !unfinished) {
      wanted = 0;
      idle(unfinished ? End.PAUSED : end);
      return;
    }
    picture(false);
    if (unread.isEmpty()) {
      activity(Activity.GENERATING);
    }
  }

  private void picture(boolean must) {
    if ((watch.states() || watch.decays()) && (must || frames.wanted())) {
      frames.publish(filler.fill(frames.blank(), session, watch));
    }
  }

  private void idle(End end) {
    picture(true);
    single = false;
    activity = Activity.IDLE;
    sink.accept(new Event.Status(activity, session.position(), end));
  }

  private void activity(Activity now) {
    if (activity != now) {
      activity = now;
      sink.accept(new Event.Status(now, session.position(), End.NONE));
    }
  }
}
