package dev.ingot.state;

import dev.ingot.project.PackageKey;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Says that nobody else moves a package until the transaction ends that it was given to. Whatever
 * changes the package's running row or its current version takes one.
 *
 * @param others is told what the servers that share the package are to hear
 */
public record PackageLock(PackageKey key, Session session, Consumer<SharedEvent> others) {

  /** With the package as {@code :project} and {@code :package}. */
  public StatementSpec sql(String sql) {
    return session.sql(key, sql);
  }

  /** Tells the other servers; they are told when the transaction is committed. */
  public void tell(SharedEvent event) {
    others.accept(event);
  }
}
