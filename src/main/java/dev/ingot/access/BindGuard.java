package dev.ingot.access;

import dev.ingot.fault.StartupFailure;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Keeps a server that asks nobody who they are on this machine. */
@Component
class BindGuard implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  private final Access access;
  private final Environment environment;

  BindGuard(Access access, Environment environment) {
    this.access = access;
    this.environment = environment;
  }

  /**
   * @throws StartupFailure when others could reach it
   */
  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    if (!access.isAsked()) {
      require("server.address", factory.getAddress());
      if (OperatorsPort.isWanted(environment)) {
        String setting = "management.server.address";
        require(setting, environment.getProperty(setting, InetAddress.class));
      }
    }
  }

  private static void require(String setting, @Nullable InetAddress address) {
    if (address == null || !address.isLoopbackAddress()) {
      throw new StartupFailure(
          "%s is %s, and whoever reached it might do everything"
              .formatted(setting, address == null ? "not set" : address.getHostAddress()),
          "Say who may ask: put a key of at least 32 characters into a file and name it with ingot.access.admin-key-file, or keep %s at 127.0.0.1"
              .formatted(setting));
    }
  }
}
