package dev.ingot.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/** Tells browsers what the console's pages are made of, and that they do nothing else. */
final class PagePolicy implements HandlerInterceptor {

  private static final String HEADER = "Content-Security-Policy";

  private static final String CONSOLE =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
          + "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /**
   * Of the page that draws results. Malloy's renderer writes its styles into the page, and compiles
   * the expressions of some charts. The page has no origin, whoever opens it, asks nobody for
   * anything, and only the console may show it: browsers that know {@code frame-ancestors} look at
   * no {@code X-Frame-Options}.
   */
  private static final String RENDERER =
      "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src data:; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts";

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    boolean renders = request.getRequestURI().endsWith("/render.html");
    response.setHeader(HEADER, renders ? RENDERER : CONSOLE);
    return true;
  }
}
