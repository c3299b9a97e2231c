package dev.ingot.engine.duckdb;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The functions of DuckDB 1.5.5 of which it is known that they go by nothing but their arguments:
 * no clock, no setting, no sequence, no random number. What isn't here isn't known.
 */
final class KnownCalls {

  static final Set<String> SCALARS =
      names(
          """
          !~~ !~~* % & * ** + - / // << >> @ ^ ^@ abs acos array_contains array_extract
          array_has array_length array_slice ascii asin atan atan2 bit_count cbrt ceil ceiling
          char_length character_length chr concat concat_ws constant_or_null contains cos cot
          date_add date_diff date_part date_sub date_trunc datediff datepart datesub datetrunc
          day dayname dayofmonth dayofweek dayofyear decade degrees divide element_at ends_with
          epoch epoch_ms epoch_ns epoch_us even exp factorial floor gcd greatest
          greatest_common_divisor hamming hash hex hour instr isfinite isinf isnan isodow
          isoyear json_extract json_extract_string last_day lcase lcm least left len length
          levenshtein like_escape list_contains list_element list_extract list_has list_slice
          list_value ln log log10 log2 lower lpad ltrim make_date make_time make_timestamp md5
          md5_number md5_number_lower md5_number_upper microsecond millisecond minute mod month
          monthname multiply nanosecond nextafter not_ilike_escape not_like_escape pi position
          pow power prefix quarter radians regexp_extract regexp_full_match regexp_matches
          regexp_replace repeat replace reverse right round row rpad rtrim second sha256 sign
          signbit sin split_part sqrt starts_with str_split strftime string_split strip_accents
          strlen strpos strptime struct_extract struct_extract_at struct_pack substr substring
          subtract suffix tan time_bucket translate trim trunc try_strptime ucase unicode upper
          week weekday weekofyear xor year yearweek | || ~ ~~ ~~* ~~~
          """);

  static final Set<String> AGGREGATES =
      names(
          "avg bit_and bit_or bit_xor bool_and bool_or count count_if count_star max min sum sum_no_overflow");

  /** These go by the order too in which rows come. */
  static final Set<String> UNSETTLED_AGGREGATES =
      names(
          """
          any_value arg_max arg_min array_agg first last list median mode quantile_cont
          quantile_disc stddev stddev_pop stddev_samp string_agg var_pop var_samp variance
          """);

  private static final Set<String> WINDOWS =
      names(
          """
          cume_dist dense_rank first_value lag last_value lead nth_value ntile over partition
          percent_rank range rank row_number rows
          """);

  /** What is written like a call, and is none or another name of one of the above. */
  private static final Set<String> WORDS =
      names(
          """
          all and any as between by case cast coalesce decimal distinct else except exists
          extract filter from group grouping having if ifnull in intersect is join lateral like
          materialized not nullif numeric on or order select sets some then try_cast union
          unnest using values varchar when where with
          """);

  /** Words that DuckDB replaces by what the session has, before there is a plan. */
  private static final Set<String> SESSION =
      names(
          """
          current_catalog current_database current_role current_schema current_user session_user
          user
          """);

  private KnownCalls() {}

  private static Set<String> names(String text) {
    return Set.of(text.strip().split("\\s+"));
  }

  /**
   * Whether the SELECT calls nothing else. Its plan doesn't say that alone: what DuckDB computes
   * before there is one, such as {@code getvariable}, is a constant there like others.
   */
  static boolean areAllIn(String select) {
    SingleSelect said = SingleSelect.of(select);
    return said.calls().stream().allMatch(KnownCalls::isKnown)
        && said.tokens().stream()
            .noneMatch(token ->
                !token.quoted() && SESSION.contains(token.text().toLowerCase(Locale.ROOT)));
  }

  private static boolean isKnown(String name) {
    return Stream.of(SCALARS, AGGREGATES, UNSETTLED_AGGREGATES, WINDOWS, WORDS)
        .anyMatch(names -> names.contains(name));
  }
}
