package dev.ingot.materialization;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How runs build.
 *
 * @param parallelism the most tables of one connection that are built at once; 0 means one more
 *     than there are processors: it works while another is committed and recorded
 */
@ConfigurationProperties("ingot.build")
record BuildSettings(@DefaultValue("0") int parallelism) {

  int slots() {
    return parallelism > 0 ? parallelism : Runtime.getRuntime().availableProcessors() + 1;
  }
}
