package dev.ingot.threads;

import io.micrometer.observation.ObservationRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where the server's background work runs. */
@Configuration(proxyBeanMethods = false)
class TasksConfiguration {

  @Bean
  Background tasks(ObservationRegistry observations) {
    return new Background(Thread.ofVirtual().factory(), observations);
  }
}
