package dev.ingot.manifest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is kept.
 *
 * @param versions the newest different manifest versions of a package, whose tables stay
 * @param minAge how long a superseded table stays in any case, and how long a run may take up what
 *     one that failed has finished
 * @param runs the newest runs of a package; the last success stays in any case
 * @param interval between two rounds of the janitor
 */
@ConfigurationProperties("ingot.retention")
public record RetentionSettings(
    @DefaultValue("2") int versions,
    @DefaultValue("15m") Duration minAge,
    @DefaultValue("200") int runs,
    @DefaultValue("1m") Duration interval) {

  public RetentionSettings {
    if (versions < 1 || runs < 1 || minAge.isNegative() || !interval.isPositive()) {
      throw new IllegalArgumentException(
          "ingot.retention: versions and runs are 1 or more, min-age 0 or more, interval more than 0");
    }
  }

  /**
   * Which of a package's versions go, by their numbers: all but the newest that differ. Of those
   * that say the same only the newest counts.
   *
   * @param newestFirst the current one first, which always stays
   */
  public List<Long> beyond(List<ManifestVersion> newestFirst) {
    var kept = new ArrayList<ManifestVersion>();
    var beyond = new ArrayList<Long>();
    for (ManifestVersion version : newestFirst) {
      boolean known = kept.stream().anyMatch(newer -> newer.says(version.entries()));
      if (known || kept.size() >= versions) {
        beyond.add(version.number());
      } else {
        kept.add(version);
      }
    }
    return beyond;
  }
}
