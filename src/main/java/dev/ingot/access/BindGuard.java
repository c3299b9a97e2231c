package dev.ingot.access;

import dev.ingot.fault.StartupFailure;
import java.net.InetAddress;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Keeps a server that asks nobody who they are on this machine. */
@Component
class BindGuard implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  private final Access access;

  BindGuard(Access access) {
    this.access = access;
  }

  /**
   * @throws StartupFailure when others could reach it
   */
  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    InetAddress address = factory.getAddress();
    if (!access.isAsked() && (address == null || !address.isLoopbackAddress())) {
      throw new StartupFailure(
          "server.address is %s, and whoever reached it might do everything"
              .formatted(address == null ? "not set" : address.getHostAddress()),
          "Say who may ask: put a key of at least 32 characters into a file and name it with ingot.access.admin-key-file, or keep server.address at 127.0.0.1");
    }
  }
}
