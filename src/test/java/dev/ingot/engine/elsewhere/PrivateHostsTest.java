package dev.ingot.engine.elsewhere;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.network.PublicAddress;
import dev.ingot.project.AttachedDatabase;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateHostsTest {

  private final PrivateHosts hosts = new PrivateHosts(new ElsewhereSettings(List.of("Inner.Test")));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2002:7f00:1::1",
        "2001::1"
      })
  void addressesThatAreNotOfThePublicNetworkArePrivate(String address) throws UnknownHostException {
    InetAddress parsed = InetAddress.getByName(address);

    assertThat(PublicAddress.is(parsed)).isFalse();
    assertThat(hosts.mayReach("host.example", parsed)).isFalse();
    assertThat(hosts.mayReach("inner.test", parsed)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "192.167.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00::1"
      })
  void othersAreNot(String address) throws UnknownHostException {
    assertThat(PublicAddress.is(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void plainHttpIsForHostsOfOnesOwn() {
    assertThat(hosts.objection(site("http://1.1.1.1/a/"))).get().asString().contains("https://");
    assertThat(hosts.objection(site("https://1.1.1.1/a/"))).isEmpty();
    assertThat(hosts.objection(site("http://inner.test/a/"))).isEmpty();
    assertThat(hosts.objection(site("https://1.1.1.1:8443/a/"))).isEmpty();
  }

  private static AttachedDatabase site(String prefix) {
    return new AttachedDatabase("a", AttachedDatabase.Type.HTTPS, prefix, null, null, null);
  }
}
