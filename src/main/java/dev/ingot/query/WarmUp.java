package dev.ingot.query;

import dev.ingot.compile.Givens;
import dev.ingot.compile.QueryRef;
import dev.ingot.engine.Cancellation;
import dev.ingot.fault.Fault;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.threads.Tasks;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Compiles what is served when the server starts, and counts the rows of a table of each package,
 * so that nobody's query is the first of all. Queries are answered meanwhile; readiness waits for a
 * while, and so who has several servers asks the others.
 */
@Component
public class WarmUp {

  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

  private final ServedPackages served;
  private final PreparedQueries prepared;
  private final QueryService queries;
  private final Tasks tasks;
  private final WarmUpSettings settings;

  private final CountDownLatch ended = new CountDownLatch(1);

  WarmUp(
      ServedPackages served,
      PreparedQueries prepared,
      QueryService queries,
      Tasks tasks,
      WarmUpSettings settings) {
    this.served = served;
    this.prepared = prepared;
    this.queries = queries;
    this.tasks = tasks;
    this.settings = settings;
  }

  /** Begins, in the background. */
  public void start() {
    tasks.startAfter(settings.patience(), "warm-up-patience", ended::countDown);
    tasks.start("warm-up", this::warmUp);
  }

  /** Whether queries would still wait for what can soon be there. */
  public boolean isAwaited() {
    return ended.getCount() > 0;
  }

  private void warmUp() {
    try {
      List<ServedPackage> all = served.all();
      all.forEach(WarmUp::compile);
      all.forEach(this::ask);
    } finally {
      ended.countDown();
    }
  }

  /** What queries need and no more: a plan would take the processor from the first of them. */
  private static void compile(ServedPackage one) {
    try {
      one.content().compile();
    } catch (Fault e) {
      // Told to whoever asks.
      log.warn("Package {} doesn't compile: {}", one.content().snapshot().key(), e.detail());
    }
  }

  private void ask(ServedPackage one) {
    Optional<String> source =
        one.tables().findFirst().map(ManifestEntry::sourceNames).map(List::getFirst);
    source.ifPresent(name -> {
      String text = "run: `%s` -> { aggregate: `rows` is count() }".formatted(name);
      boolean _ =
          one.content().models().stream()
              .anyMatch(model -> isAnswered(one, model, new QueryRef.Text(text)));
    });
  }

  /** False when it isn't a source of this model, or not read from its table: that may take long. */
  private boolean isAnswered(ServedPackage one, String model, QueryRef query) {
    try {
      if (!prepared.of(one, model, query, Givens.NONE).in(one).facts().live().isEmpty()) {
        return false;
      }
      var asked =
          new Asked(one.content().snapshot().key(), model, query, Givens.NONE, Optional.empty());
      return queries.query(asked, true, new Cancellation()).isPresent();
    } catch (Fault e) {
      log.debug("No query to begin with in {}: {}", model, e.detail());
      return false;
    }
  }
}
