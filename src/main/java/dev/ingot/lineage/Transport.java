package dev.ingot.lineage;

import java.io.IOException;

/** How events get to where they are wanted; its text says where, without secrets. */
interface Transport {

  /**
   * @param event JSON
   * @throws dev.ingot.outbox.Receiver.NeverTaken when there is no use in sending it again
   * @throws IOException when it isn't there
   */
  void send(String event) throws IOException;
}
