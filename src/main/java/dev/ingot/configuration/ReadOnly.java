package dev.ingot.configuration;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import org.springframework.stereotype.Component;

/** What may not be changed over REST, because the file says what it is. */
@Component
public class ReadOnly {

  private final ConfigurationFile file;

  ReadOnly(ConfigurationFile file) {
    this.file = file;
  }

  /** Whether nothing may be changed. */
  public boolean isFrozen() {
    return file.declared().frozen();
  }

  /**
   * For changes, and for what is to be created.
   *
   * @throws Fault FROZEN, READ_ONLY
   */
  public void require(ProjectName name) {
    require(file.declared().names(name), "Project", name);
  }

  /**
   * @throws Fault FROZEN, READ_ONLY
   */
  public void require(PackageKey key) {
    require(file.declared().names(key), "Package", key);
  }

  /**
   * @throws Fault FROZEN, READ_ONLY
   */
  public void require(ConnectionKey key) {
    require(file.declared().names(key), "Connection", key);
  }

  private void require(boolean declared, String what, Object name) {
    if (isFrozen()) {
      throw new Fault(
          FaultCode.FROZEN,
          "Projects, packages and connections are frozen by the file %s: change them there, then %s"
              .formatted(file.name(), reread()));
    }
    if (declared) {
      throw new Fault(
          FaultCode.READ_ONLY,
          "%s '%s' is what the file %s says: change it there, then %s"
              .formatted(what, name, file.name(), reread()));
    }
  }

  private static String reread() {
    return "send the server SIGHUP or start it again";
  }
}
