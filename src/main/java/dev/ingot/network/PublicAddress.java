package dev.ingot.network;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Addresses of the public network. All others lead to where a server reaches what its users should
 * not: the cloud's metadata, neighbours without passwords.
 */
public final class PublicAddress {

  private static final String NUMBER = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";

  /** Four numbers, in the one way of writing them that no resolver takes for something else. */
  public static final String IPV4 = NUMBER + "(\\." + NUMBER + "){3}";

  private PublicAddress() {}

  public static boolean is(InetAddress address) {
    return !isPrivate(address);
  }

  private static boolean isPrivate(InetAddress address) {
    byte[] bytes = address.getAddress();
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    boolean local =
        address.isAnyLocalAddress()
            || address.isLoopbackAddress()
            || address.isLinkLocalAddress()
            || address.isSiteLocalAddress()
            || address.isMulticastAddress();
    return switch (address) {
      // This network, shared space of carriers, protocol assignments, benchmarks, and reserved.
      case Inet4Address v4 ->
          local
              || first == 0
              || (first == 100 && second >= 64 && second < 128)
              || (first == 192 && second == 0 && bytes[2] == 0)
              || (first == 198 && (second == 18 || second == 19))
              || first >= 240;
      // Unique local ones, and those that stand for IPv4 ones.
      case Inet6Address v6 ->
          local
              || (first & 0xfe) == 0xfc
              || (first == 0 && second == 0x64)
              || isZeroUntil(bytes)
              || (first == 0x20 && second == 0x02)
              || (first == 0x20 && second == 0x01 && bytes[2] == 0 && bytes[3] == 0);
      default -> true;
    };
  }

  private static boolean isZeroUntil(byte[] bytes) {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
