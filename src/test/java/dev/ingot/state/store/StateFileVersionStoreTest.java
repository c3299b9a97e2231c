package dev.ingot.state.store;

class StateFileVersionStoreTest extends VersionStoreSuite {

  StateFileVersionStoreTest() {
    super(new FilePlace());
  }
}
