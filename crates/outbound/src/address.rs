//! Which addresses may be connected to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A range of addresses, such as `10.1.0.0/16` or `fd00::/8`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cidr {
    base: IpAddr,
    bits: u8,
}

/// A text that names no range.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0:?} is no range of addresses. Write an address, a slash and a number of bits: 10.1.0.0/16.")]
pub struct CidrFault(String);

impl Cidr {
    /// Whether the address is in the range.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        let prefix = |value: u128, width: u8| value.checked_shr(u32::from(width - self.bits)).unwrap_or(0);
        match (self.base, unmapped(address)) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                prefix(base.to_bits().into(), 32) == prefix(address.to_bits().into(), 32)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                prefix(base.to_bits(), 128) == prefix(address.to_bits(), 128)
            }
            _ => false,
        }
    }
}

impl FromStr for Cidr {
    type Err = CidrFault;

    fn from_str(text: &str) -> Result<Self, CidrFault> {
        let fault = || CidrFault(text.chars().take(60).collect());
        let (base, bits) = match text.split_once('/') {
            Some((base, bits)) => (base, Some(bits)),
            None => (text, None),
        };
        let base: IpAddr = base.parse().map_err(|_| fault())?;
        let width = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), |bits| bits.parse().map_err(|_| fault()))?;
        if bits > width {
            return Err(fault());
        }
        Ok(Self { base, bits })
    }
}

/// Which addresses may be connected to: public ones, and those that the operator allows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rules {
    /// Ranges that are allowed although they are not public.
    pub allowed: Vec<Cidr>,
}

impl Rules {
    /// Why the address must not be connected to; none where it may.
    #[must_use]
    pub fn refuse(&self, address: IpAddr) -> Option<&'static str> {
        why_refused(address).filter(|_| !self.allowed.iter().any(|range| range.holds(address)))
    }
}

/// Why an address is nobody's on the public Internet; none where it is somebody's.
///
/// The ranges are those of IANA's special-purpose registries (RFC 6890 and its successors). An IPv6
/// address that carries an IPv4 one is what it carries.
#[must_use]
pub fn why_refused(address: IpAddr) -> Option<&'static str> {
    match unmapped(address) {
        IpAddr::V4(address) => refused_v4(address),
        IpAddr::V6(address) => refused_v6(address),
    }
}

fn refused_v4(address: Ipv4Addr) -> Option<&'static str> {
    match address.octets() {
        [0, ..] => Some("this network"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some("private"),
        [100, 64..=127, ..] => Some("shared by a carrier (CGNAT)"),
        [127, ..] => Some("loopback"),
        [169, 254, ..] => Some("link-local, where clouds keep their metadata"),
        [192, 0, 0, _] | [192, 88, 99, _] => Some("reserved for protocols"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Some("for documentation"),
        [198, 18..=19, ..] => Some("for benchmarks"),
        // Azure's metadata stand at an address that is public by its range.
        [168, 63, 129, 16] => Some("a cloud's metadata"),
        [224..=239, ..] => Some("multicast"),
        [240..=255, ..] => Some("reserved"),
        _ => None,
    }
}

fn refused_v6(address: Ipv6Addr) -> Option<&'static str> {
    let carried = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        refused_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("unspecified"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("loopback"),
        // Compatible with IPv4, translated to it, 6to4: what they carry counts.
        [0, 0, 0, 0, 0, 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => carried(high, low),
        [0, 0, 0, 0, 0xffff, 0, high, low] | [0x2002, high, low, ..] => carried(high, low),
        [0x64, 0xff9b, 1, ..] => Some("translated privately"),
        [0x100, 0, 0, 0, ..] => Some("discarded"),
        [0x2001, 0..=0x1ff, ..] => Some("reserved for protocols"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("for documentation"),
        [0xfc00..=0xfdff, ..] => Some("private"),
        [0xfe80..=0xfebf, ..] => Some("link-local"),
        [0xfec0..=0xfeff, ..] => Some("site-local"),
        [0xff00..=0xffff, ..] => Some("multicast"),
        // Only 2000::/3 is given out.
        [0x2000..=0x3fff, ..] => None,
        _ => Some("reserved"),
    }
}

/// An IPv4 address written as an IPv6 one is the IPv4 one: sockets connect to it.
fn unmapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EVT-090: every range that is nobody's, with its first and last address and the neighbours outside.
    #[test]
    fn evt_090_what_is_not_public_is_refused() {
        let check = |address: &str, public: bool| {
            let why = why_refused(address.parse().unwrap());
            assert_eq!(why.is_none(), public, "{address}: {why:?}");
        };
        for public in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00::1",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::1",
        ] {
            check(public, true);
        }
        for refused in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.0.0",
            "169.254.169.254",
            "169.254.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.168.0.0",
            "192.168.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "168.63.129.16",
            "100.100.100.200",
            "224.0.0.0",
            "239.255.255.255",
            "240.0.0.0",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2002:7f00:1::1",
            "2002:a00:1::",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "100::1",
            "fc00::1",
            "fdff::1",
            "fd00:ec2::254",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
            "::ffff:0:127.0.0.1",
        ] {
            check(refused, false);
        }
    }

    #[test]
    fn an_operator_allows_ranges() {
        let check = |range: &str, address: &str, allowed: bool| {
            let rules = Rules { allowed: vec![range.parse().unwrap()] };
            assert_eq!(rules.refuse(address.parse().unwrap()).is_none(), allowed, "{address} in {range}");
        };
        check("10.1.0.0/16", "10.1.255.255", true);
        check("10.1.0.0/16", "10.2.0.0", false);
        check("10.1.0.0/16", "::ffff:10.1.2.3", true);
        check("127.0.0.1", "127.0.0.1", true);
        check("127.0.0.1", "127.0.0.2", false);
        check("0.0.0.0/0", "192.168.1.1", true);
        check("0.0.0.0/0", "::1", false);
        check("::/0", "::1", true);
        check("fd00::/8", "fdff::1", true);
        check("fd00::/8", "fc00::1", false);
        for wrong in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/-1", "10.0.0.0/", "example.org"] {
            assert!(wrong.parse::<Cidr>().is_err(), "{wrong}");
        }
    }
}
