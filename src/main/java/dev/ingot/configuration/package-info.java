/**
 * The file that says which projects, packages and connections there are, and what it makes
 * read-only.
 */
@ApplicationModule(allowedDependencies = {"fault", "project", "body"})
@NullMarked
package dev.ingot.configuration;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
