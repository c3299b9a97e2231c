package dev.ingot.access;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.util.FileSize;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ingot.project.Home;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who did what, one line of JSON each, in a file that begins anew each day and when it is large.
 * Neither what was sent nor what was answered is in it.
 */
@Component
public final class AuditLog implements AutoCloseable {

  private static final org.slf4j.Logger log = LoggerFactory.getLogger(AuditLog.class);
  private static final String OFF = "off";
  private static final FileSize LARGE = FileSize.valueOf("100MB");
  private static final FileSize ALL = FileSize.valueOf("2GB");
  private static final int DAYS = 90;

  /** Its own, so that two servers in one process have a file each. */
  private final LoggerContext context = new LoggerContext();

  private final boolean on;

  /** Opened for the first line, which many servers never have. */
  private final SingletonSupplier<Logger> lines;

  private final Access access;
  private final JsonMapper json;

  AuditLog(AccessSettings settings, Access access, Home home, JsonMapper json) {
    this.access = access;
    this.json = json;
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.getStatusManager().add(AuditLog::tell);
    on = !settings.auditLog().equals(OFF);
    lines = SingletonSupplier.of(() -> open(home.root().resolve(settings.auditLog())));
  }

  private Logger open(Path path) {
    Logger opened = context.getLogger("audit");
    opened.setLevel(Level.INFO);
    opened.addAppender(file(path));
    return opened;
  }

  /** What keeps lines from being written. */
  private static void tell(Status status) {
    if (status.getLevel() >= Status.WARN) {
      log.warn("The audit log: {}", status.getMessage(), status.getThrowable());
    }
  }

  private RollingFileAppender<ILoggingEvent> file(Path path) {
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%msg%n");
    encoder.start();
    var file = new RollingFileAppender<ILoggingEvent>();
    file.setContext(context);
    file.setEncoder(encoder);
    file.setFile(path.toString());
    var policy = new SizeAndTimeBasedRollingPolicy<ILoggingEvent>();
    policy.setContext(context);
    policy.setParent(file);
    policy.setFileNamePattern(path + ".%d{yyyy-MM-dd}.%i");
    policy.setMaxFileSize(LARGE);
    policy.setTotalSizeCap(ALL);
    policy.setMaxHistory(DAYS);
    policy.start();
    file.setRollingPolicy(policy);
    file.start();
    return file;
  }

  /**
   * One request.
   *
   * @param caller an id
   * @param code of the problem that it was answered with
   * @param created what it made
   * @param ms until the answer was out
   * @param address that it came from
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(
      Instant time,
      String caller,
      String name,
      String method,
      String path,
      int status,
      @Nullable String code,
      @Nullable String created,
      long ms,
      String address) {}

  /** Nothing, as long as nobody is asked who he is. */
  public void add(Entry entry) {
    if (on && access.isAsked()) {
      lines.obtain().info(json.writeValueAsString(entry));
    }
  }

  @Override
  public void close() {
    context.stop();
  }
}
