package dev.ingot.engine.elsewhere;

/**
 * The parts of {@code s3://bucket/path/file.csv}.
 *
 * @param root with the slash after the bucket
 * @param path may be empty, or the beginning of one
 */
record ObjectUrl(String root, String bucket, String path) {

  static ObjectUrl of(String url) {
    int bucket = url.indexOf("://") + 3;
    int path = url.indexOf('/', bucket) + 1;
    return new ObjectUrl(
        url.substring(0, path), url.substring(bucket, path - 1), url.substring(path));
  }

  @Override
  public String toString() {
    return root + path;
  }
}
