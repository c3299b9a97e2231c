/** SQL that takes hours unless somebody ends it. */
export const SLOW = 'select hash(a.range, b.range) as h from range(10000000) a, range(10000000) b';

/** Two tables, of which one reads the other. */
export function chain(value: number): string {
  return `##! experimental.persistence
#@ persist name=base
source: base is duckdb.sql("select ${value} as x, 'a' as k")
#@ persist name=sums
source: sums is base -> { group_by: k; aggregate: total is x.sum() }
query: all_sums is sums -> { select: * }
`;
}

/** A table that is done, one that takes hours, and one that waits for that. */
export const STUCK = `##! experimental.persistence
#@ persist name=quick
source: quick is duckdb.sql("select 1 as x")
#@ persist name=slow
source: slow is duckdb.sql("""${SLOW}""")
#@ persist name=waits
source: waits is slow -> { aggregate: n is count() }
`;

/** A table that DuckDB writes to its file at once, and so can tell the size of. */
export const LARGE = `##! experimental.persistence
#@ persist name=hashes
source: hashes is duckdb.sql("select range as n, md5(range::varchar) as h from range(300000)")
`;

/** One table that can't be built, and one that waits for it in vain. */
export const BROKEN = `##! experimental.persistence
#@ persist name=good
source: good is duckdb.sql("select 1 as x")
#@ persist name=bad
source: bad is duckdb.sql("select error('<img src=x onerror=alert(1)> it is broken') as x")
#@ persist name=after_bad
source: after_bad is bad -> { group_by: x }
`;

/** Names that are markup, where Malloy lets a name be anything. */
export const MARKUP = `##! experimental.persistence
#@ persist name="\\"<img src=x onerror=alert(2)>\\""
source: \`<script>alert(3)</script>\` is duckdb.sql("""select '<img src=x onerror=alert(4)>' as "<b onmouseover=alert(5)>" """)
query: \`<i>query</i>\` is \`<script>alert(3)</script>\` -> { select: * }
`;

/** A name and an error that are longer than any page. */
export const LONG = `##! experimental.persistence
#@ persist name=short
source: short is duckdb.sql("select error(repeat('too long ', 1200)) as x")
#@ persist
source: ${'n'.repeat(10_000)} is duckdb.sql("select 1 as x")
`;

/** Two hundred tables, of which each reads up to two. */
export function many(): string {
  const lines = ['##! experimental.persistence'];
  for (let at = 0; at < 200; at++) {
    lines.push(`#@ persist name=t${at}`);
    lines.push(
      at < 10
        ? `source: t${at} is duckdb.sql("select ${at} as x")`
        : `source: t${at} is t${Math.floor(at / 2)} -> { group_by: x is x + ${at} }`,
    );
  }
  return lines.join('\n');
}

/** One of each type of given that a form has a field for. */
export const GIVENS = `##! experimental { givens }
given: WHO :: string is 'ann'
given: LEAST :: number is 1
given: IS_OPEN :: boolean is false
given: FIRST_DAY :: date is @2026-01-01
given: SINCE_WHEN :: timestamp is @2026-01-01 00:00:00
given: NAMES :: string[] is ['a']
given: ITEMS :: filter<string> is f''
source: rows is duckdb.sql("select * from (values ('x', 'pen'), ('y', 'pencil'), ('z', 'ink')) t(k, item)") extend {
  measure: named is count() { where: k in $NAMES }
  measure: filtered is count() { where: item ~ $ITEMS }
}
query: asked is rows -> {
  group_by: who is $WHO, least is $LEAST, is_open is $IS_OPEN, one_day is $FIRST_DAY, at_time is $SINCE_WHEN
  aggregate: named, filtered
}
`;
