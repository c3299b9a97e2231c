package dev.ingot;

import dev.ingot.access.OperatorsPort;
import java.util.ArrayList;
import java.util.List;
import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Takes away again what serves nobody while there is no port for operators, and nobody to send
 * spans to. The jar has all of it, as that was decided when it was built; and each of its beans
 * would make the start longer.
 */
@Component
class Unwatched implements BeanDefinitionRegistryPostProcessor, EnvironmentAware {

  /**
   * What opens the port, and what is only for its metrics: without that, and without tracing,
   * nothing is taken down of what the server does.
   */
  private static final List<String> PORT =
      List.of(
          "org.springframework.boot.actuate.",
          "org.springframework.boot.servlet.autoconfigure.actuate.",
          "org.springframework.boot.tomcat.autoconfigure.actuate.",
          "org.springframework.boot.tomcat.autoconfigure.metrics.",
          "org.springframework.boot.tomcat.metrics.",
          "org.springframework.boot.micrometer.metrics.autoconfigure.jvm.",
          "org.springframework.boot.micrometer.metrics.autoconfigure.system.",
          "org.springframework.boot.micrometer.metrics.system.",
          "io.micrometer.core.instrument.binder.",
          "io.micrometer.core.instrument.observation.",
          "io.micrometer.java21.");

  private static final List<String> TRACING =
      List.of(
          "io.opentelemetry.",
          "io.micrometer.tracing.",
          "org.springframework.boot.opentelemetry.",
          "org.springframework.boot.micrometer.tracing.",
          "dev.ingot.telemetry.Tracing",
          // By its name, as others have its type.
          "tracingObservationHandlerGroup");

  private final List<String> unwanted = new ArrayList<>();

  @Override
  public void setEnvironment(Environment environment) {
    if (!OperatorsPort.isWanted(environment)) {
      unwanted.addAll(PORT);
    }
    if (!environment.containsProperty("management.opentelemetry.tracing.export.otlp.endpoint")) {
      unwanted.addAll(TRACING);
    }
  }

  @Override
  public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
    if (!AotDetector.useGeneratedArtifacts()) {
      return;
    }
    for (String name : registry.getBeanDefinitionNames()) {
      String type = String.valueOf(registry.getBeanDefinition(name).getBeanClassName());
      if (unwanted.stream().anyMatch(one -> type.startsWith(one) || name.equals(one))) {
        registry.removeBeanDefinition(name);
      }
    }
  }

  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
    // What there is has been decided.
  }
}
