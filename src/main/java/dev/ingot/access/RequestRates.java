package dev.ingot.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** How much each caller asks: a bucket that fills up again while it is used. */
@Component
public class RequestRates {

  private static final int MOST = 10_000;
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final int perMinute;

  /** One that nobody drew from for a period is full, as a new one is. */
  private final Cache<String, Bucket> byCaller =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(PERIOD).build();

  RequestRates(AccessSettings settings) {
    perMinute = settings.requestsPerMinute();
  }

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, PERIOD))
        .build();
  }

  /**
   * @throws Fault TOO_MANY_REQUESTS
   */
  public void count(Caller caller) {
    if (perMinute == 0) {
      return;
    }
    ConsumptionProbe drawn =
        byCaller.get(caller.id(), id -> bucket()).tryConsumeAndReturnRemaining(1);
    if (!drawn.isConsumed()) {
      Duration wait = Duration.ofNanos(drawn.getNanosToWaitForRefill());
      throw new Fault(
          FaultCode.TOO_MANY_REQUESTS,
          "Over %d requests in a minute; ask again in %d ms"
              .formatted(perMinute, wait.toMillis() + 1),
          wait);
    }
  }
}
