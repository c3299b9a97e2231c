package dev.ingot.access;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * What each request goes through before its controller: pages of other origins are turned away, who
 * brings a key or token is found out, and answers have their security headers. What a caller may do
 * is decided where the operation is known, by the controllers' rules.
 */
@Configuration(proxyBeanMethods = false)
class HttpAccess {

  private static final String POLICY = "Content-Security-Policy";
  private static final String ANSWERS = "default-src 'none'; frame-ancestors 'none'";

  /** What the page with all calls is made of; its styles are in its markup. */
  private static final String PAGES =
      "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

  @Bean
  SecurityFilterChain securityFilterChain(
      HttpSecurity http,
      BearerCheck check,
      AccessSettings settings,
      Callers callers,
      Environment environment,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver faults) {
    UrlBasedCorsConfigurationSource origins = origins(settings);
    if (OperatorsPort.isWanted(environment)) {
      http.addFilterAfter(
          new OperatorsGuard(callers, faults, environment), AnonymousAuthenticationFilter.class);
    }
    return http.csrf(AbstractHttpConfigurer::disable)
        .sessionManagement(one -> one.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .anonymous(AbstractHttpConfigurer::disable)
        .cors(one -> one.configurationSource(origins))
        .headers(headers ->
            headers.referrerPolicy(policy -> {}).addHeaderWriter(HttpAccess::writePolicy))
        .addFilterBefore(new OriginFilter(origins, faults), CorsFilter.class)
        .addFilterBefore(bearer(check, faults), AnonymousAuthenticationFilter.class)
        .build();
  }

  /** The chain is always the same, so there is nothing to watch in it. */
  @Bean
  SecurityObservationSettings securityObservationSettings() {
    return SecurityObservationSettings.noObservations();
  }

  /** A page of Ingot's own has said already what it is made of. */
  private static void writePolicy(HttpServletRequest request, HttpServletResponse response) {
    if (!response.containsHeader(POLICY)) {
      response.setHeader(
          POLICY, request.getRequestURI().startsWith("/swagger-ui") ? PAGES : ANSWERS);
    }
  }

  private static BearerTokenAuthenticationFilter bearer(
      BearerCheck check, HandlerExceptionResolver faults) {
    var filter = new BearerTokenAuthenticationFilter(check);
    filter.setAuthenticationEntryPoint(
        (request, response, e) -> refuse(faults, request, response, e));
    filter.setAuthenticationFailureHandler(
        (request, response, e) -> refuse(faults, request, response, e));
    return filter;
  }

  private static void refuse(
      HandlerExceptionResolver faults,
      HttpServletRequest request,
      HttpServletResponse response,
      AuthenticationException e) {
    boolean unavailable = e instanceof AuthenticationServiceException;
    faults.resolveException(
        request,
        response,
        null,
        new Fault(
            unavailable ? FaultCode.ISSUER_UNAVAILABLE : FaultCode.UNAUTHENTICATED,
            String.valueOf(e.getMessage()),
            e));
  }

  /**
   * Lets everything through to Tomcat's own checks and the controllers: no rule here goes by a
   * path, and models' paths have encoded slashes.
   */
  @Bean
  HttpFirewall httpFirewall() {
    return new HttpFirewall() {
      @Override
      public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
        return new FirewalledRequest(request) {
          @Override
          public void reset() {
            // There is nothing to put back.
          }
        };
      }

      @Override
      public HttpServletResponse getFirewalledResponse(HttpServletResponse response) {
        return response;
      }
    };
  }

  /**
   * The console's files are the same for everybody, and tell nothing. Its page that draws results
   * has no origin and needs them all the same.
   */
  private static CorsConfiguration files() {
    var anybody = new CorsConfiguration();
    anybody.setAllowedOrigins(List.of(CorsConfiguration.ALL));
    anybody.setAllowedMethods(List.of(HttpMethod.GET.name(), HttpMethod.HEAD.name()));
    return anybody;
  }

  private static UrlBasedCorsConfigurationSource origins(AccessSettings settings) {
    var allowed = new CorsConfiguration();
    allowed.setAllowedOrigins(settings.allowedOrigins());
    allowed.setAllowedMethods(List.of(CorsConfiguration.ALL));
    allowed.setAllowedHeaders(List.of(CorsConfiguration.ALL));
    allowed.setExposedHeaders(
        List.of(HttpHeaders.ETAG, HttpHeaders.LINK, HttpHeaders.LOCATION, HttpHeaders.RETRY_AFTER));
    var source = new UrlBasedCorsConfigurationSource();
    source.registerCorsConfiguration("/assets/**", files());
    source.registerCorsConfiguration("/**", allowed);
    return source;
  }
}
