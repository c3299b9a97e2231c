package dev.ingot.access;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** How many queries each caller has running. */
@Component
public class QueriesAtOnce {

  private final int most;
  private final ConcurrentHashMap<String, Integer> running = new ConcurrentHashMap<>();

  QueriesAtOnce(AccessSettings settings) {
    most = settings.queriesAtOnce();
  }

  /** One that runs until it is closed. */
  public interface Running extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @throws Fault TOO_MANY_REQUESTS
   */
  public Running begin(Caller caller) {
    if (most == 0) {
      return () -> {};
    }
    running.merge(caller.id(), 1, (now, one) -> refuseOver(now + one));
    return () -> running.computeIfPresent(caller.id(), (id, now) -> now == 1 ? null : now - 1);
  }

  private int refuseOver(int count) {
    if (count > most) {
      throw new Fault(
          FaultCode.TOO_MANY_REQUESTS,
          "%d queries of yours are running, which is the most at once; ask again when one has ended"
              .formatted(most));
    }
    return count;
  }
}
