package dev.ingot.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Series of measurements by name, printed as a table of medians. */
final class Figures {

  private final Map<String, List<Double>> series = new LinkedHashMap<>();
  private final List<String> verdicts = new ArrayList<>();

  /** In milliseconds. */
  void add(String name, Duration time) {
    add(name, time.toNanos() / 1e6);
  }

  void add(String name, double value) {
    series.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
  }

  double median(String name) {
    double[] sorted = sorted(name);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The least that is not exceeded by such a part of all.
   *
   * @param part over 0, at most 1
   */
  double quantile(String name, double part) {
    double[] sorted = sorted(name);
    return sorted[(int) Math.ceil(part * sorted.length) - 1];
  }

  private double[] sorted(String name) {
    double[] sorted =
        series.getOrDefault(name, List.of()).stream().mapToDouble(d -> d).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("nothing was measured as " + name);
    }
    return sorted;
  }

  double most(String name) {
    return series.getOrDefault(name, List.of()).stream()
        .mapToDouble(d -> d)
        .max()
        .orElseThrow(() -> new IllegalArgumentException("nothing was measured as " + name));
  }

  /** Of these the one with the least median. */
  String least(String... names) {
    return Arrays.stream(names).min((a, b) -> Double.compare(median(a), median(b))).orElseThrow();
  }

  /** A line below the table. */
  void say(String line) {
    verdicts.add(line);
  }

  void print(String title) {
    String rows =
        series.entrySet().stream()
            .map(entry -> row(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining());
    System.out.printf(
        Locale.ROOT,
        "%n%s%n%-46s %10s %22s%n%s%s%n",
        title,
        "",
        "median",
        "least .. most",
        rows,
        String.join("\n", verdicts));
  }

  private String row(String name, List<Double> values) {
    var statistics = values.stream().mapToDouble(d -> d).summaryStatistics();
    String range =
        String.format(Locale.ROOT, "%.2f .. %.2f", statistics.getMin(), statistics.getMax());
    return String.format(Locale.ROOT, "%-46s %10.2f %22s%n", name, median(name), range);
  }
}
