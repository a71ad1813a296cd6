//! Which addresses of the network a page may be fetched from: those of the public internet.
//!
//! The ranges are those of the IANA special-purpose address registries (IPv4 and IPv6) that are not globally
//! reachable, and every form in which IPv6 wraps an IPv4 address, as the wrapped one may be private.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is refused; none for a public one.
pub(super) fn refusal(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => refusal_v4(address),
        IpAddr::V6(address) => refusal_v6(address),
    }
}

fn refusal_v4(address: Ipv4Addr) -> Option<&'static str> {
    Some(match address.octets() {
        [0, ..] => "unspecified",
        [127, ..] => "loopback",
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => "private",
        [100, 64..=127, ..] => "shared address space of carriers",
        // 169.254.169.254 is where clouds serve credentials; 168.63.129.16 is Azure's own.
        [169, 254, ..] => "link-local",
        [168, 63, 129, 16] => "a cloud's metadata service",
        [192, 0, 0, _] => "reserved for protocols",
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => "for documentation",
        [192, 88, 99, _] => "a 6to4 relay",
        [198, 18..=19, ..] => "for benchmarks",
        [224..=239, ..] => "multicast",
        [255, 255, 255, 255] => "broadcast",
        [240..=255, ..] => "reserved",
        _ => return None,
    })
}

fn refusal_v6(address: Ipv6Addr) -> Option<&'static str> {
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => "unspecified",
        [0, 0, 0, 0, 0, 0, 0, 1] => "loopback",
        [0, 0, 0, 0, 0, 0 | 0xFFFF, ..] | [0, 0, 0, 0, 0xFFFF, 0, ..] => "an IPv4 address in IPv6 form",
        [0x64, 0xFF9B, ..] => "an IPv4 address behind NAT64",
        [0xFC00..=0xFDFF, ..] => "private",
        [0xFE80..=0xFEBF, ..] => "link-local",
        [0xFEC0..=0xFEFF, ..] => "site-local",
        [0xFF00..=0xFFFF, ..] => "multicast",
        [0x2001, 0, ..] => "an IPv4 address behind Teredo",
        [0x2001, 0xDB8, ..] | [0x3FFF, 0..=0xFFF, ..] => "for documentation",
        [0x2001, 0..=0x1FF, ..] => "reserved for protocols",
        [0x2002, ..] => "an IPv4 address behind 6to4",
        [0x2000..=0x3FFF, ..] => return None,
        _ => "outside the public range 2000::/3",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str) -> bool {
        refusal(address.parse().unwrap()).is_some()
    }

    #[test]
    fn addresses_that_are_not_public_are_refused() {
        let addresses = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "169.254.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.0.192",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "100.100.100.200",
            "168.63.129.16",
            "192.88.99.1",
            "::",
            "::1",
            "::7f00:1",
            "::10.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:0:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
        ];
        for address in addresses {
            assert!(refused(address), "{address}");
        }
    }

    #[test]
    fn public_addresses_are_not_refused() {
        let addresses = [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "126.255.255.255",
            "128.0.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.167.1.1",
            "192.169.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2400:3200::1",
            "2a00:1450::1",
        ];
        for address in addresses {
            assert!(!refused(address), "{address}");
        }
    }
}
