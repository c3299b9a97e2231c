package dev.ingot.project;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Room that is kept for a full disk.
 *
 * @param reserveSize the size of the reserve file in the home; 0 for none
 */
@ConfigurationProperties("ingot")
public record ReserveSettings(@DefaultValue("16MB") DataSize reserveSize) {}
