package dev.ingot.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Which timers are histograms is said by settings; here, which never are. */
@Configuration(proxyBeanMethods = false)
class Histograms {

  /** The settings go by a meter's name or what it begins with, so they mean these too. */
  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE)
  MeterFilter noneOfWhatIsUnderWay() {
    return new MeterFilter() {
      @Override
      public DistributionStatisticConfig configure(
          Meter.Id id, DistributionStatisticConfig config) {
        return id.getType() == Meter.Type.LONG_TASK_TIMER
            ? DistributionStatisticConfig.builder().serviceLevelObjectives().build().merge(config)
            : config;
      }
    };
  }
}
