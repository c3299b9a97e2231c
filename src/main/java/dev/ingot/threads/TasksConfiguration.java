package dev.ingot.threads;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where the server's background work runs. */
@Configuration(proxyBeanMethods = false)
class TasksConfiguration {

  @Bean
  Background tasks() {
    return new Background(Thread.ofVirtual().factory());
  }
}
