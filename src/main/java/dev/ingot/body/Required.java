package dev.ingot.body;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageName;
import org.jspecify.annotations.Nullable;

/** Fields that a request must have. */
public final class Required {

  private Required() {}

  public static <T> T field(String name, @Nullable T value) {
    if (value == null) {
      throw new Fault(FaultCode.BAD_REQUEST, "Field '%s' is missing".formatted(name));
    }
    return value;
  }

  /**
   * @param request an element of a list, which JSON lets be null
   */
  public static PackageName packageName(@Nullable PackageRequest request) {
    if (request == null) {
      throw new Fault(FaultCode.BAD_REQUEST, "A package is an object, not null");
    }
    return new PackageName(field("name", request.name()));
  }
}
