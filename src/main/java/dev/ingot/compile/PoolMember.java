package dev.ingot.compile;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A compiler process of the pool, and what it works on. Guarded by the pool's lock. */
final class PoolMember {

  /** A process that works and says nothing for so long is stuck. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  /** One that works for so long is stuck too. */
  static final Duration LONG = Duration.ofSeconds(3);

  /**
   * In place of a text: the plan of compiled models. Texts need the models and not their plan,
   * which may take minutes; and it isn't given up for them.
   */
  static final String PLAN = "plan";

  private static final int CONTENTS = 8;

  /** What it is doing. */
  enum State {
    IDLE,
    WORKING,
    STUCK
  }

  private final SidecarProcess process;
  private final LongSupplier nanoTime;

  /** What it works on; null while it is idle. */
  private @Nullable String content;

  /** The one text over the content that it works on; empty: its models. */
  private String text = "";

  private long since;
  private boolean givenUp;

  /** What it has worked on, the last of it last; the process keeps about as many. */
  private final SequencedSet<String> contents = new LinkedHashSet<>();

  PoolMember(SidecarProcess process, LongSupplier nanoTime) {
    this.process = process;
    this.nanoTime = nanoTime;
  }

  SidecarProcess process() {
    return process;
  }

  void take(String next, String nextText) {
    content = next;
    text = nextText;
    contents.addLast(next);
    if (contents.size() > CONTENTS) {
      contents.removeFirst();
    }
    since = nanoTime.getAsLong();
    process.touch();
  }

  void giveBack() {
    content = null;
  }

  boolean isIdle() {
    return content == null;
  }

  boolean isStuck() {
    return content != null && (process.silence().compareTo(PATIENCE) > 0 || isLong());
  }

  private boolean isLong() {
    return nanoTime.getAsLong() - since > LONG.toNanos();
  }

  State state() {
    if (isIdle()) {
      return State.IDLE;
    }
    return isStuck() ? State.STUCK : State.WORKING;
  }

  boolean isLongAtText() {
    return !text.isEmpty() && !text.equals(PLAN) && isLong();
  }

  long since() {
    return since;
  }

  /** Ends it for the sake of others. */
  void giveUp() {
    givenUp = true;
    process.stop(
        "took longer than %d ms while others waited, and was stopped".formatted(LONG.toMillis()));
  }

  boolean isGivenUp() {
    return givenUp;
  }

  /** Whether it works on what this needs: the content's models, or the same text. */
  boolean isNeeded(String wanted, String wantedText) {
    return wanted.equals(content) && (text.isEmpty() || text.equals(wantedText));
  }

  boolean has(String wanted) {
    return contents.contains(wanted);
  }
}
