package dev.ingot;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Takes the port for operators away where none is wanted: that there is one was decided when the
 * jar was built.
 */
@Component
class OperatorsPort implements BeanDefinitionRegistryPostProcessor, EnvironmentAware {

  /** Spring Boot's name of what opens it. */
  private static final String OPENER = "childManagementContextInitializer";

  private boolean wanted;

  @Override
  public void setEnvironment(Environment environment) {
    wanted = environment.getProperty("management.server.port", Integer.class, -1) >= 0;
  }

  @Override
  public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
    if (!wanted && registry.containsBeanDefinition(OPENER)) {
      registry.removeBeanDefinition(OPENER);
    }
  }

  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
    // What there is has been decided.
  }
}
