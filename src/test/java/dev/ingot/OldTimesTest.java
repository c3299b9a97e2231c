package dev.ingot;

import java.util.Map;

/** Days that the calendar of Rome left out in 1582 are days in SQL. */
class OldTimesTest extends ValueForms {

  OldTimesTest() {
    super(
        Map.ofEntries(
            column("ts", "timestamp '1582-10-10 01:02:03.456'", "'1582-10-10T01:02:03.456Z'"),
            column("ts_s", "timestamp_s '1582-10-05 23:59:59'", "'1582-10-05T23:59:59.000Z'"),
            column("ts_ms", "timestamp_ms '1582-10-14 00:00:00.001'", "'1582-10-14T00:00:00.001Z'"),
            column("ts_ns", "timestamp_ns '1700-02-28 12:00:00'", "'1700-02-28T12:00:00.000Z'"),
            column("tz", "timestamptz '1582-10-10 01:02:03+02'", "'1582-10-09T23:02:03.000Z'"),
            column("d", "date '1582-10-10'", "'1582-10-10'"),
            column("leap", "timestamp '1500-02-28 00:00:00'", "'1500-02-28T00:00:00.000Z'"),
            column("roman", "timestamp '0044-03-15 12:00:00'", "'0044-03-15T12:00:00.000Z'"),
            column("first", "timestamp '0001-01-01 00:00:00'", "'0001-01-01T00:00:00.000Z'"),
            column("new", "timestamp '1582-10-15 00:00:00'", "'1582-10-15T00:00:00.000Z'"),
            column(
                "listed",
                "[timestamp '1582-10-10 00:00:00', null]",
                "['1582-10-10T00:00:00.000Z',null]"),
            column("days", "[date '1582-10-10']", "['1582-10-10']"),
            column(
                "zoned", "[timestamptz '1582-10-10 00:00:00+00']", "['1582-10-10T00:00:00.000Z']"),
            column(
                "rec",
                "{'at': timestamp '1582-10-10 00:00:00', 'on': date '1582-10-11'}",
                "{'at':'1582-10-10T00:00:00.000Z','on':'1582-10-11'}"),
            column(
                "recs",
                "[{'at': [[timestamp '1582-10-10 00:00:00']]}]",
                "[{'at':[['1582-10-10T00:00:00.000Z']]}]"),
            column(
                "pairs",
                "map {'a': timestamp '1582-10-10 00:00:00'}",
                "{'a':'1582-10-10T00:00:00.000Z'}"),
            column(
                "keys",
                "map {timestamp '1582-10-10 00:00:00.25': [timestamp_s '1582-10-10 00:00:00']}",
                "{'1582-10-10 00:00:00.25':['1582-10-10T00:00:00.000Z']}")));
  }
}
