package dev.ingot.query;

import dev.ingot.compile.PreparedQuery;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.query.ResultSchema.Member;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A compiled query, and what is found out about it once. */
final class Prepared {

  private final PreparedQuery query;
  private final String givens;
  private final List<Member> fields;
  private final String head;
  private final AtomicBoolean asked = new AtomicBoolean();

  /** Null before the engine was asked. */
  private volatile @Nullable Examined examined;

  /** What the engine said of its SQL. */
  private record Examined(Optional<Set<TableName>> repeatable) {}

  /** The served package that it was asked for last. */
  private volatile @Nullable InPackage last;

  /**
   * @param givens the values that it was compiled with
   * @throws dev.ingot.fault.Fault QUERY_FAILED when two fields can't be told apart
   */
  Prepared(PreparedQuery query, String givens) {
    this.query = query;
    this.givens = givens;
    fields = ResultSchema.of(query.result().path("schema"));
    head = query.result().toString();
  }

  PreparedQuery query() {
    return query;
  }

  /** {@link dev.ingot.compile.Givens#text}. */
  String givens() {
    return givens;
  }

  String sql() {
    return query.sql();
  }

  List<Member> fields() {
    return fields;
  }

  /** Malloy's stable result without its {@code data}, as JSON. */
  String head() {
    return head;
  }

  /** What it means in a package as it is served. */
  InPackage in(ServedPackage served) {
    InPackage known = last;
    if (known == null || !known.isOf(served)) {
      known = new InPackage(served, query);
      last = known;
    }
    return known;
  }

  /** False the first time. */
  boolean isAskedAgain() {
    return asked.getAndSet(true);
  }

  /**
   * The tables that it reads, if its answer changes with nothing else.
   *
   * @param engine is asked the first time
   */
  Optional<Set<TableName>> repeatable(Supplier<Optional<Set<TableName>>> engine) {
    Examined known = examined;
    if (known == null) {
      known = new Examined(engine.get());
      examined = known;
    }
    return known.repeatable();
  }

  /** A compiled query in one served package. */
  static final class InPackage {

    /** Not held: it goes when another is served. */
    private final WeakReference<ServedPackage> served;

    private final ReadFacts facts;

    /** By the form of the answer. */
    private final Map<String, String> tags = new ConcurrentHashMap<>();

    InPackage(ServedPackage served, PreparedQuery query) {
      this.served = new WeakReference<>(served);
      facts = ReadFacts.of(served, query);
    }

    boolean isOf(ServedPackage other) {
      return served.refersTo(other);
    }

    ReadFacts facts() {
      return facts;
    }

    /** The entity tag of its answer in a form. */
    String tag(String form, Supplier<String> made) {
      return tags.computeIfAbsent(form, absent -> made.get());
    }
  }
}
