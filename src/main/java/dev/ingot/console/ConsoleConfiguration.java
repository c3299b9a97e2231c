package dev.ingot.console;

import dev.ingot.access.SignIns;
import java.time.Duration;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.EncodedResourceResolver;

/**
 * Serves the console's files, to everybody: what they show comes from the API, which asks who asks.
 * Files are compressed when they are built. Those below {@code assets} are named by their content,
 * so browsers keep them; the pages that name them are asked for each time.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleConfiguration implements WebMvcConfigurer {

  private static final String PLACE = "classpath:/static/";
  private static final String[] PAGES = {"/", "/index.html", "/render.html"};
  private static final String ASSETS = "/assets/**";

  private final SignIns signIns;

  ConsoleConfiguration(SignIns signIns) {
    this.signIns = signIns;
  }

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    registry
        .addResourceHandler(ASSETS)
        .addResourceLocations(PLACE + "assets/")
        .setCacheControl(CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable())
        .resourceChain(true)
        .addResolver(new EncodedResourceResolver());
    registry
        .addResourceHandler("/index.html", "/render.html")
        .addResourceLocations(PLACE)
        .setCacheControl(CacheControl.noCache());
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry
        .addInterceptor(new PagePolicy(signIns.all()))
        .addPathPatterns(PAGES)
        .addPathPatterns(ASSETS);
  }
}
