package dev.ingot.state.store;

class StateFileRunStoreTest extends RunStoreSuite {

  StateFileRunStoreTest() {
    super(new FilePlace());
  }
}
