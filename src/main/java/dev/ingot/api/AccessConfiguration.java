package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.api.Allowed.Rule;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Has all operations looked at by {@link AccessInterceptor}, and tells them who asks. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration implements WebMvcConfigurer {

  /**
   * In the API's description: everybody, callers, a role (read, query, build, admin) in the
   * project, admin_somewhere or admin_everywhere.
   */
  static final String RULE = "x-allowed";

  private final AccessInterceptor access;

  AccessConfiguration(AccessInterceptor access) {
    this.access = access;
    SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(access);
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new CallerArgument());
  }

  /** Says of each operation who may use it. */
  @Bean
  OperationCustomizer describedRules() {
    return (operation, method) -> {
      Rule rule = AccessInterceptor.rule(method);
      if (rule == Rule.EVERYBODY) {
        operation.setSecurity(List.of());
      }
      operation.addExtension(RULE, String.valueOf(rule).toLowerCase(Locale.ROOT));
      return operation;
    };
  }

  /** How callers say who they are. */
  @Bean
  OpenApiCustomizer bearer() {
    return api ->
        api.addSecurityItem(new SecurityRequirement().addList("bearer"))
            .getComponents()
            .addSecuritySchemes(
                "bearer",
                new SecurityScheme()
                    .type(SecurityScheme.Type.HTTP)
                    .scheme("bearer")
                    .description(
                        "A key of this server's, or a token of an issuer that it knows. Servers that ask nobody who they are take requests without"));
  }

  /** An operation that anybody may use because somebody forgot its rule is never served. */
  @Bean
  SmartInitializingSingleton rulesOfAll(
      @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping operations) {
    return () ->
        operations.getHandlerMethods().values().stream()
            .filter(method -> method.getBeanType().getPackage().equals(Api.class.getPackage()))
            .filter(method -> AccessInterceptor.rule(method) == null)
            .findAny()
            .ifPresent(method -> {
              throw new IllegalStateException(method + " has no @Allowed");
            });
  }

  private static final class CallerArgument implements HandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
      return parameter.getParameterType() == Caller.class;
    }

    @Override
    public Object resolveArgument(
        MethodParameter parameter,
        @Nullable ModelAndViewContainer container,
        NativeWebRequest request,
        @Nullable WebDataBinderFactory binders) {
      return AccessInterceptor.caller(
          Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class)));
    }
  }
}
