package dev.ingot.materialization;

import dev.ingot.materialization.RunEvents.Subscriber;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What changed of one run since somebody asked first, told to all who ask: each the whole state and
 * then every change, or the changes after the last that he has seen.
 */
final class RunLog {

  /** Of the changes that are kept for who was cut off. */
  private static final int MOST = 10_000;

  private final String epoch = UUID.randomUUID().toString().substring(0, 8);
  private final Deque<RunEvent> events = new ArrayDeque<>();
  private final Set<Subscriber> subscribers = new LinkedHashSet<>();
  private long count;
  private long lastUsed = System.nanoTime();

  /** What all events so far add up to; null before the first look. */
  private @Nullable Materialization last;

  /** Takes what is on record now; later looks come later. */
  synchronized void update(Materialization now) {
    Materialization before = last;
    last = now;
    if (before == null) {
      subscribers.forEach(one -> one.take(state(now)));
    } else if (!before.status().isTerminal()) {
      changes(before, now).forEach(this::add);
    }
    if (now.status().isTerminal()) {
      subscribers.forEach(one -> end(one, now));
      subscribers.clear();
    }
  }

  private static void end(Subscriber subscriber, Materialization run) {
    subscriber.take(new RunEvent.Ended(run));
    subscriber.end();
  }

  private RunEvent.State state(Materialization now) {
    return new RunEvent.State(id(count), now);
  }

  private String next() {
    count++;
    return id(count);
  }

  private String id(long number) {
    return epoch + "." + number;
  }

  /** Tells of what passes: who isn't there misses nothing. */
  synchronized void tell(RunEvent.Progress progress) {
    subscribers.forEach(one -> one.take(progress));
  }

  private void add(RunEvent event) {
    events.addLast(event);
    if (events.size() > MOST) {
      events.removeFirst();
    }
    subscribers.forEach(one -> one.take(event));
  }

  private List<RunEvent> changes(Materialization before, Materialization now) {
    var found = new ArrayList<RunEvent>();
    if (!header(before).equals(header(now))) {
      found.add(new RunEvent.Changed(next(), now));
    }
    Map<String, TargetReport> known = new HashMap<>();
    before.targets().forEach(target -> known.put(target.buildId(), target));
    for (TargetReport target : now.targets()) {
      if (!target.equals(known.get(target.buildId()))) {
        found.add(new RunEvent.TargetChanged(next(), target));
      }
    }
    return found;
  }

  /** All but the targets, and when it was changed last. */
  private static List<Object> header(Materialization run) {
    return List.of(
        run.status(),
        Objects.requireNonNullElse(run.startedAt(), ""),
        Objects.requireNonNullElse(run.completedAt(), ""),
        Objects.requireNonNullElse(run.error(), ""),
        run.problems(),
        run.sweep(),
        Objects.requireNonNullElse(run.planning(), ""));
  }

  /**
   * @param after the last event that he has seen; null for who has seen none
   */
  synchronized void subscribe(@Nullable String after, Subscriber subscriber) {
    lastUsed = System.nanoTime();
    Materialization now = last;
    if (now == null) {
      subscribers.add(subscriber);
      return;
    }
    missed(after, now).forEach(subscriber::take);
    if (now.status().isTerminal()) {
      end(subscriber, now);
    } else {
      subscribers.add(subscriber);
    }
  }

  private List<RunEvent> missed(@Nullable String after, Materialization now) {
    long oldest = count - events.size();
    OptionalLong seen =
        LongStream.rangeClosed(oldest, count)
            .filter(number -> id(number).equals(after))
            .findFirst();
    return seen.isPresent()
        ? events.stream().skip(seen.getAsLong() - oldest).toList()
        : List.of(state(now));
  }

  synchronized void unsubscribe(Subscriber subscriber) {
    subscribers.remove(subscriber);
    lastUsed = System.nanoTime();
  }

  /** Tells everybody that nothing more will be told. */
  synchronized void end() {
    subscribers.forEach(Subscriber::end);
    subscribers.clear();
  }

  synchronized int subscribers() {
    return subscribers.size();
  }

  /** Since when nobody has asked, in nanoseconds; 0 while somebody is told. */
  synchronized long idle() {
    return subscribers.isEmpty() ? System.nanoTime() - lastUsed : 0;
  }
}
