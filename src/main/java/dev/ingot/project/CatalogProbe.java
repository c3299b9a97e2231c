package dev.ingot.project;

import java.util.List;

/** Tries a storage's catalog before anything depends on it. */
public interface CatalogProbe {

  /**
   * Connects, and looks whether the catalog's user may do what Ingot needs.
   *
   * @return what is allowed, but unwise, each as one sentence without secrets
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE when it can't be reached, INVALID_STORAGE
   *     when it will never do
   */
  List<String> probe(MaterializationStorage storage);
}
