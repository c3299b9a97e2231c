package dev.ingot.state;

import dev.ingot.project.PackageKey;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * What statements on a place of state are made with: those of one transaction, or of a read. No
 * longer than the work that it was given to.
 *
 * @param tenure of a claim that is made here
 * @param served the versions of {@code :project} and {@code :package} that live servers serve, as
 *     SQL
 */
public record Session(JdbcClient client, Tenure tenure, String served) {

  public StatementSpec sql(String sql) {
    return client.sql(sql);
  }

  /** With the package as {@code :project} and {@code :package}. */
  public StatementSpec sql(PackageKey key, String sql) {
    return client
        .sql(sql)
        .param("project", key.project().value())
        .param("package", key.name().value());
  }
}
