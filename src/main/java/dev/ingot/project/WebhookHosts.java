package dev.ingot.project;

/** Which hosts may be told of builds. */
public interface WebhookHosts {

  /**
   * @throws dev.ingot.fault.Fault INVALID_WEBHOOK
   */
  void require(Webhook webhook);
}
