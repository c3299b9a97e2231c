package dev.ingot.compile;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The compiler's process.
 *
 * @param deadline the longest that one request may take before the process is killed
 * @param planDeadline the same for the plan of a package, which compiles all of its models and the
 *     SQL of all of their tables
 * @param startDeadline the longest that a process may take until it answers
 * @param heap the most that a process may allocate for JavaScript
 * @param processes the most at once: one works, one is its spare, and others end what has hung
 * @param snapshot whether processes begin from a {@link CompilerSnapshot}
 */
@ConfigurationProperties("ingot.compiler")
record CompilerSettings(
    @DefaultValue("30s") Duration deadline,
    @DefaultValue("10m") Duration planDeadline,
    @DefaultValue("20s") Duration startDeadline,
    @DefaultValue("512MB") DataSize heap,
    @DefaultValue("4") int processes,
    @DefaultValue("true") boolean snapshot) {

  CompilerSettings {
    if (processes < 1) {
      throw new IllegalArgumentException("ingot.compiler.processes must be at least 1");
    }
  }
}
