package dev.ingot.api;

import dev.ingot.api.Resources.PackageRequest;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageName;
import org.jspecify.annotations.Nullable;

/** Fields that a request must have. */
final class Required {

  private Required() {}

  static <T> T field(String name, @Nullable T value) {
    if (value == null) {
      throw new Fault(FaultCode.BAD_REQUEST, "Field '%s' is missing".formatted(name));
    }
    return value;
  }

  /**
   * @param request an element of a list, which JSON lets be null
   */
  static PackageName packageName(@Nullable PackageRequest request) {
    if (request == null) {
      throw new Fault(FaultCode.BAD_REQUEST, "A package is an object, not null");
    }
    return new PackageName(field("name", request.name()));
  }
}
