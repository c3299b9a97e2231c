package dev.ingot.faults;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * A property that is tried as often as a system property says, with the seed of {@code
 * -Dingot.test.seed=}. jqwik prints the seed that was used.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Property(edgeCases = EdgeCasesMode.NONE)
@AddLifecycleHook(Tries.FromSystemProperties.class)
@interface Tries {

  /** Such as {@code ingot.test.dags}. */
  String property();

  int otherwise();

  /** Puts them in the place of what the annotation could only hold as constants. */
  final class FromSystemProperties implements AroundPropertyHook {
    @Override
    public PropertyExecutionResult aroundProperty(
        PropertyLifecycleContext context, PropertyExecutor property) {
      Tries tries = context.findAnnotation(Tries.class).orElseThrow();
      context.attributes().setTries(Integer.getInteger(tries.property(), tries.otherwise()));
      String seed = System.getProperty("ingot.test.seed");
      if (seed != null) {
        context.attributes().setSeed(seed);
      }
      return property.execute();
    }
  }
}
