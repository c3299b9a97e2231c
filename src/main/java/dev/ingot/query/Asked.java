package dev.ingot.query;

import dev.ingot.compile.Givens;
import dev.ingot.compile.QueryRef;
import dev.ingot.project.PackageKey;
import java.util.Optional;

/**
 * A query as somebody asks it.
 *
 * @param condition of who may have its answer already
 */
public record Asked(
    PackageKey key, String model, QueryRef query, Givens givens, Optional<Condition> condition) {

  /** Of who keeps answers and asks whether they still hold. */
  public interface Condition {

    /**
     * Told before the answer is begun, and again when it is begun anew.
     *
     * @param tag the entity tag of the answer, which is the same as long as all its bytes are
     * @return whether the asker has it already
     */
    boolean has(String tag);
  }
}
