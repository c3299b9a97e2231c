package dev.ingot.telemetry;

import java.util.List;

/**
 * What a metric is called, and its series are told apart by.
 *
 * @param meter Micrometer's name, of words with dots between them
 * @param labels their names
 */
record Named(String meter, List<String> labels) {

  Named {
    labels = List.copyOf(labels);
  }

  /**
   * @param labels with blanks between them
   */
  static Named of(String meter, String labels) {
    return new Named(meter, labels.isEmpty() ? List.of() : List.of(labels.split(" ", -1)));
  }
}
