package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.access.Callers;
import dev.ingot.access.RequestRates;
import dev.ingot.access.Role;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.project.ProjectName;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/** Holds callers to the operations' rules, before anything of the request's body is read. */
@Component
class AccessInterceptor implements HandlerInterceptor {

  /** Of a request: its {@link Caller}. */
  private static final String CALLER = Caller.class.getName();

  private final Callers callers;
  private final RequestRates rates;

  AccessInterceptor(Callers callers, RequestRates rates) {
    this.callers = callers;
    this.rates = rates;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (!(handler instanceof HandlerMethod method)
        || request.getDispatcherType() == DispatcherType.ASYNC) {
      return true;
    }
    Rule rule = rule(method);
    if (rule == null) {
      return true;
    }
    if (rule == Rule.EVERYBODY) {
      request.setAttribute(CALLER, callers.find(request).orElse(Caller.NOBODY));
      return true;
    }
    Caller caller = callers.of(request);
    request.setAttribute(CALLER, caller);
    rates.count(caller);
    switch (rule) {
      case EVERYBODY, CALLERS -> {}
      case READ -> caller.require(Role.READ, project(request));
      case QUERY -> caller.require(Role.QUERY, project(request));
      case BUILD -> caller.require(Role.BUILD, project(request));
      case ADMIN -> caller.require(Role.ADMIN, project(request));
      case ADMIN_SOMEWHERE -> caller.requireSomewhere(Role.ADMIN);
      case ADMIN_EVERYWHERE -> caller.requireEverywhere(Role.ADMIN);
    }
    return true;
  }

  /** Who asks; nobody where it wasn't found out. */
  static Caller caller(ServletRequest request) {
    return request.getAttribute(CALLER) instanceof Caller known ? known : Caller.NOBODY;
  }

  /** Null for what isn't an operation: the page of all calls, and their description. */
  static @Nullable Rule rule(HandlerMethod method) {
    Allowed allowed = method.getMethodAnnotation(Allowed.class);
    return allowed == null ? null : allowed.value();
  }

  private static ProjectName project(HttpServletRequest request) {
    Object variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    return new ProjectName(String.valueOf(((Map<?, ?>) variables).get("projectName")));
  }
}
