package dev.ingot.state.store;

class StateFileRunListTest extends RunListSuite {

  StateFileRunListTest() {
    super(new FilePlace());
  }
}
