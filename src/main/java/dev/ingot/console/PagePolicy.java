package dev.ingot.console;

import static java.util.stream.Collectors.joining;

import dev.ingot.access.SignIns.SignIn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.web.servlet.HandlerInterceptor;

/** Tells browsers what the console's pages are made of, and that they do nothing else. */
final class PagePolicy implements HandlerInterceptor {

  private static final String HEADER = "Content-Security-Policy";

  /**
   * Of the page that draws results. Malloy's renderer writes its styles into the page, and compiles
   * the expressions of some charts. The page has no origin, whoever opens it, asks nobody for
   * anything, and only the console may show it: browsers that know {@code frame-ancestors} look at
   * no {@code X-Frame-Options}.
   */
  private static final String RENDERER =
      "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src data:; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts";

  private final String console;

  /**
   * @param signIns whom the console may ask beside its own server
   */
  PagePolicy(List<SignIn> signIns) {
    String origins =
        signIns.stream().map(SignIn::origin).distinct().map(one -> " " + one).collect(joining());
    console =
        """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'%s; \
        frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\
        """
            .formatted(origins);
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    boolean renders = request.getRequestURI().endsWith("/render.html");
    response.setHeader(HEADER, renders ? RENDERER : console);
    return true;
  }
}
