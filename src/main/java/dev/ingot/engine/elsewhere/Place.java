package dev.ingot.engine.elsewhere;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.AzureAccess;
import dev.ingot.project.BucketAccess;
import java.time.Duration;
import java.util.List;

/** Where files lie that are read over HTTP: it tells how they are, without their being read. */
public sealed interface Place extends AutoCloseable permits AzureBlobs, BucketObjects, SiteFiles {

  /** Of one request; a place that is slower isn't waited for by plans. */
  Duration PATIENCE = Duration.ofSeconds(5);

  /** Of all requests that a list takes. */
  Duration ALL_PATIENCE = Duration.ofSeconds(20);

  /** The one that a prefix leads to. Nothing is asked yet. */
  static Place of(AttachedDatabase one) {
    AzureAccess azure = one.azure();
    if (azure != null) {
      return new AzureBlobs(azure);
    }
    BucketAccess bucket = one.bucket();
    return bucket == null
        ? new SiteFiles()
        : new BucketObjects(bucket, one.type() == AttachedDatabase.Type.GCS);
  }

  /**
   * The files whose URL begins so, in their order; of a site, which lists nothing, that file.
   *
   * @throws EngineException with the cause, without secrets
   */
  List<ElsewhereState> below(String url);

  /**
   * Asks whether it answers, whatever lies there.
   *
   * @throws EngineException with the cause, without secrets
   */
  void look(String url);

  @Override
  void close();
}
