package dev.ingot.telemetry;

import com.github.benmanes.caffeine.cache.Cache;
import dev.ingot.project.PackageKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/**
 * Takes down what the server does. Nothing that a caller has written is a label, so that there are
 * never more series than projects, packages and words of Ingot's own.
 */
@Component
public class Telemetry {

  /** The label's value where nothing else is said. */
  private static final String FAILED = "failed";

  private static final Pattern WORDS = Pattern.compile("(?<=[a-z])(?=[A-Z])");

  private final ObservationRegistry observations;
  private final MeterRegistry meters;
  private final Map<Activity, Named> activities = new EnumMap<>(Activity.class);

  public Telemetry(ObservationRegistry observations, MeterRegistry meters) {
    this.observations = observations;
    this.meters = meters;
    for (Activity activity : Activity.values()) {
      activities.put(activity, activity.named());
    }
    for (Count count : Count.values()) {
      if (count.named().labels().isEmpty()) {
        // There from the start: an alert can't see something come up from nothing.
        var _ = meters.counter(count.named().meter());
      }
    }
  }

  /**
   * Begins an activity of this thread, within the one that is under way on it.
   *
   * @param known the values of its first labels; the others are failed until they are {@link
   *     Doing#became said}
   */
  public Doing begin(Activity activity, String... known) {
    return new Doing(Objects.requireNonNull(activities.get(activity)), known);
  }

  /** Begins one of a package. */
  public Doing begin(Activity activity, PackageKey key) {
    return begin(activity, labels(key));
  }

  /** Counts for a package. */
  public void count(Count what, long amount, PackageKey key) {
    count(what, amount, labels(key));
  }

  private static String[] labels(PackageKey key) {
    return new String[] {key.project().value(), key.name().value()};
  }

  public void count(Count what, long amount, String... labels) {
    meters.counter(what.named().meter(), tags(what.named(), labels)).increment((double) amount);
  }

  /**
   * Watches a level for as long as there is the object that tells it.
   *
   * @return ends it
   */
  public <T> Runnable watch(Level what, T object, ToDoubleFunction<T> level, String... labels) {
    Gauge gauge =
        Gauge.builder(what.named().meter(), object, level)
            .tags(tags(what.named(), labels))
            .baseUnit(what.unit().isEmpty() ? null : what.unit())
            .register(meters);
    return () -> {
      var _ = meters.remove(gauge);
    };
  }

  /** Watches a cache that records its statistics. */
  public void watch(String name, Cache<?, ?> cache) {
    var _ = CaffeineCacheMetrics.monitor(meters, cache, name);
  }

  /** For libraries that take down what they do by themselves. */
  public MeterRegistry meters() {
    return meters;
  }

  /**
   * What a label says of an outcome: its type's name, in small letters with lines between words.
   */
  public static String word(Object outcome) {
    return WORDS
        .matcher(outcome.getClass().getSimpleName())
        .replaceAll("_")
        .toLowerCase(Locale.ROOT);
  }

  private static Tags tags(Named named, String... values) {
    List<String> labels = named.labels();
    if (labels.size() != values.length) {
      throw new IllegalArgumentException("%s has labels %s".formatted(named.meter(), labels));
    }
    Tags tags = Tags.empty();
    for (int i = 0; i < values.length; i++) {
      tags = tags.and(labels.get(i), values[i]);
    }
    return tags;
  }

  /** Something that is under way. */
  public final class Doing implements AutoCloseable {

    private final Observation observation;
    private final Observation.Scope scope;
    private final List<String> labels;
    private final List<String> values;
    private final int known;

    private Doing(Named named, String... known) {
      labels = named.labels();
      values = new ArrayList<>(List.of(known));
      this.known = known.length;
      while (values.size() < labels.size()) {
        values.add(FAILED);
      }
      observation = Observation.createNotStarted(named.meter(), observations);
      tell();
      observation.start();
      scope = observation.openScope();
    }

    /** Says how it ended: the values of the labels that weren't known when it began. */
    public void became(String... outcome) {
      for (int i = 0; i < outcome.length; i++) {
        values.set(known + i, outcome[i]);
      }
    }

    /** Of its span alone: what there may be many of. */
    public Doing with(String key, String value) {
      observation.highCardinalityKeyValue(key, value);
      return this;
    }

    private void tell() {
      for (int i = 0; i < labels.size(); i++) {
        observation.lowCardinalityKeyValue(labels.get(i), values.get(i));
      }
    }

    @Override
    public void close() {
      scope.close();
      tell();
      observation.stop();
    }
  }
}
