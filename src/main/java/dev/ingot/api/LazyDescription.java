package dev.ingot.api;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.stereotype.Component;

/**
 * Makes springdoc's beans when somebody asks for the API's description, not at start: they are a
 * good part of what a start would wait for.
 */
@Component
class LazyDescription implements BeanFactoryPostProcessor {

  private static final String SPRINGDOC = "org.springdoc.";

  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory factory) {
    for (String name : factory.getBeanDefinitionNames()) {
      BeanDefinition bean = factory.getBeanDefinition(name);
      if (belongs(bean.getBeanClassName()) || belongs(bean.getFactoryBeanName())) {
        bean.setLazyInit(true);
      }
    }
  }

  private static boolean belongs(@Nullable String name) {
    return name != null && name.startsWith(SPRINGDOC);
  }
}
