package dev.ingot.engine;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How tables are built.
 *
 * @param parallelism the most tables of one connection that are built at once; 0 means one more
 *     than there are processors: it works while another is committed and recorded
 */
@ConfigurationProperties("ingot.build")
public record BuildSettings(@DefaultValue("0") int parallelism) {

  /** The limit of a connection that has none of its own. */
  public int limit() {
    return parallelism > 0 ? parallelism : Runtime.getRuntime().availableProcessors() + 1;
  }
}
