package dev.ingot.api;

import dev.ingot.api.StatusResources.SettingResource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * The settings that are shown, as the rooms' records have them. What isn't named here is shown to
 * nobody: a new setting may be a secret.
 */
@Component
class KnownSettings {

  /** Their names, or the beginning of several. */
  static final Set<String> SHOWN =
      Set.of(
          "ingot.access.allowed-origins",
          "ingot.access.audit-log",
          "ingot.access.queries-at-once",
          "ingot.access.requests-per-minute",
          "ingot.build.",
          "ingot.compiler.",
          "ingot.config",
          "ingot.duckdb.memory-limit",
          "ingot.duckdb.planning",
          "ingot.duckdb.private-hosts",
          "ingot.duckdb.threads",
          "ingot.follow-manifest",
          "ingot.heartbeat",
          "ingot.home",
          "ingot.lease",
          "ingot.lineage.file",
          "ingot.lineage.first-retry",
          "ingot.lineage.give-up-after",
          "ingot.lineage.namespace",
          "ingot.lineage.timeout",
          "ingot.max-wait",
          "ingot.package-roots",
          "ingot.package.",
          "ingot.query.",
          "ingot.reserve-size",
          "ingot.retention.",
          "ingot.shutdown-grace",
          "ingot.warm-up.",
          "ingot.webhooks.",
          "ingot.worker-name");

  private final ApplicationContext context;
  private final Environment environment;

  KnownSettings(ApplicationContext context, Environment environment) {
    this.context = context;
    this.environment = environment;
  }

  /** By name. */
  List<SettingResource> all() {
    return context.getBeansWithAnnotation(ConfigurationProperties.class).values().stream()
        .filter(Record.class::isInstance)
        .flatMap(this::of)
        .sorted(Comparator.comparing(SettingResource::name))
        .toList();
  }

  private Stream<SettingResource> of(Object bean) {
    ConfigurationProperties about =
        Objects.requireNonNull(
            AnnotationUtils.findAnnotation(bean.getClass(), ConfigurationProperties.class));
    return Stream.of(bean.getClass().getRecordComponents())
        .flatMap(component -> {
          String name =
              about.value() + "." + DataObjectPropertyName.toDashedForm(component.getName());
          return isShown(name)
              ? Stream.of(
                  new SettingResource(
                      name, text(value(bean, component)), environment.containsProperty(name)))
              : Stream.of();
        });
  }

  private static boolean isShown(String name) {
    return SHOWN.stream()
        .anyMatch(shown -> shown.endsWith(".") ? name.startsWith(shown) : name.equals(shown));
  }

  private static @Nullable Object value(Object bean, RecordComponent component) {
    var accessor = component.getAccessor();
    // The rooms keep most of their records to themselves.
    accessor.setAccessible(true);
    try {
      return accessor.invoke(bean);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("%s can't be read".formatted(component), e);
    }
  }

  /** As it is written where it is set; null for none. */
  static @Nullable String text(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Duration duration -> text(duration);
      case DataSize size -> text(size);
      case Collection<?> several ->
          String.join(", ", several.stream().map(String::valueOf).toList());
      default -> value.toString();
    };
  }

  private static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0 || millis == 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 60 != 0) {
      return seconds + "s";
    }
    if (seconds % 3600 != 0) {
      return seconds / 60 + "m";
    }
    return seconds % 86_400 == 0 ? seconds / 86_400 + "d" : seconds / 3600 + "h";
  }

  private static String text(DataSize size) {
    if (size.toBytes() % DataSize.ofKilobytes(1).toBytes() != 0 || size.toBytes() == 0) {
      return size.toBytes() + "B";
    }
    if (size.toKilobytes() % 1024 != 0) {
      return size.toKilobytes() + "KB";
    }
    return size.toMegabytes() % 1024 == 0 ? size.toGigabytes() + "GB" : size.toMegabytes() + "MB";
  }
}
