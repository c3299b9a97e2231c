package dev.ingot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the server. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class IngotApplication {

  public static void main(String[] args) {
    SpringApplication.run(IngotApplication.class, args);
  }
}
