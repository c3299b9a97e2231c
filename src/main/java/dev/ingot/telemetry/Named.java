package dev.ingot.telemetry;

import java.util.List;

/**
 * What a metric is called, and its series are told apart by.
 *
 * @param meter Micrometer's name, of words with dots between them
 * @param labelText the labels' names with blanks between them
 */
record Named(String meter, String labelText) {

  List<String> labels() {
    return labelText.isEmpty() ? List.of() : List.of(labelText.split(" ", -1));
  }
}
