package dev.ingot.testing;

import dev.ingot.telemetry.Telemetry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;

/** For what is tested without a server, and so without anybody who watches. */
public final class NoTelemetry {

  private NoTelemetry() {}

  public static Telemetry get() {
    return new Telemetry(ObservationRegistry.NOOP, new SimpleMeterRegistry());
  }
}
