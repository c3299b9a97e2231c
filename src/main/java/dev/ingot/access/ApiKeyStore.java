package dev.ingot.access;

import java.util.List;

/** Where keys are kept. Every method is one transaction. */
public interface ApiKeyStore {

  /** All, by their names. */
  List<ApiKey> all();

  /** False when the name is taken. */
  boolean insert(ApiKey key);

  /** False when there is none. */
  boolean delete(String id);
}
