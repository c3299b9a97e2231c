package dev.ingot.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Makes a nested model path one segment: {@code models/reports/daily.malloy/query} becomes {@code
 * models/reports%2Fdaily.malloy/query}, which callers may also write themselves. No model's path
 * ends in {@code /query} or {@code /compile}, as models end in {@code .malloy}.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class ModelPathFilter extends OncePerRequestFilter {

  private static final Pattern MODELS =
      Pattern.compile("(/api/v0/projects/[^/]+/packages/[^/]+/models/)(.+)");
  private static final Pattern ACTION = Pattern.compile("(.+)(/query|/compile)");

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Matcher models = MODELS.matcher(request.getRequestURI());
    if (!models.matches() || !models.group(2).contains("/")) {
      chain.doFilter(request, response);
      return;
    }
    Matcher action = ACTION.matcher(models.group(2));
    boolean acts = action.matches();
    String path = acts ? action.group(1) : models.group(2);
    String uri = models.group(1) + path.replace("/", "%2F") + (acts ? action.group(2) : "");
    chain.doFilter(
        new HttpServletRequestWrapper(request) {
          @Override
          public String getRequestURI() {
            return uri;
          }
        },
        response);
  }
}
