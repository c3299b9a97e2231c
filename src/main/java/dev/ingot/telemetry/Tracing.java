package dev.ingot.telemetry;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Locale;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.tracing.autoconfigure.TracingProperties;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Sends spans by OTLP over HTTP when it is said where to. Spring Boot's own configuration decides
 * by conditions, which are looked at when the jar is built, and so before anybody could say.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OtlpTracingProperties.class)
class Tracing {

  @Bean
  SpanExporter spanExporter(OtlpTracingProperties settings) {
    String endpoint = settings.getEndpoint();
    if (endpoint == null) {
      return SpanExporter.composite();
    }
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint)
            .setTimeout(settings.getTimeout())
            .setConnectTimeout(settings.getConnectTimeout())
            .setCompression(settings.getCompression().name().toLowerCase(Locale.ROOT));
    settings.getHeaders().forEach(exporter::addHeader);
    return exporter.build();
  }

  /** What a caller samples is sampled, so that a trace isn't in pieces. */
  @Bean
  Sampler sampler(OtlpTracingProperties settings, TracingProperties tracing) {
    return settings.getEndpoint() == null
        ? Sampler.alwaysOff()
        : Sampler.parentBased(Sampler.traceIdRatioBased(tracing.getSampling().getProbability()));
  }
}
