"""Which addresses may be connected to: ours is a list of what may not, not Python's `is_private`.

After the registries of special-purpose addresses (RFC 6890, IANA), as of 2025. Of IPv6 only global
unicast is let through, less the parts of it that lead to IPv4 addresses or to nobody.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address

_V4: Final = tuple(
    (IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this network (RFC 1122)"),
        ("10.0.0.0/8", "private (RFC 1918)"),
        ("100.64.0.0/10", "shared by carriers (RFC 6598)"),
        ("127.0.0.0/8", "loopback (RFC 1122)"),
        ("168.63.129.16/32", "the platform service of a cloud"),
        ("169.254.0.0/16", "link-local (RFC 3927)"),
        ("172.16.0.0/12", "private (RFC 1918)"),
        ("192.0.0.0/24", "for protocols (RFC 6890)"),
        ("192.0.2.0/24", "for documentation (RFC 5737)"),
        ("192.88.99.0/24", "6to4 relays (RFC 7526)"),
        ("192.168.0.0/16", "private (RFC 1918)"),
        ("198.18.0.0/15", "for benchmarks (RFC 2544)"),
        ("198.51.100.0/24", "for documentation (RFC 5737)"),
        ("203.0.113.0/24", "for documentation (RFC 5737)"),
        ("224.0.0.0/4", "multicast (RFC 5771)"),
        ("240.0.0.0/4", "reserved (RFC 1112)"),
    )
)
_GLOBAL_V6: Final = IPv6Network("2000::/3")
_V6: Final = tuple(
    (IPv6Network(network), why)
    for network, why in (
        ("::1/128", "loopback (RFC 4291)"),
        ("::ffff:0:0/96", "an IPv4 address, mapped (RFC 4291)"),
        ("::ffff:0:0:0/96", "an IPv4 address, translated (RFC 2765)"),
        ("::/96", "unspecified, or an IPv4 address (RFC 4291)"),
        ("64:ff9b::/96", "an IPv4 address, translated (RFC 6052)"),
        ("64:ff9b:1::/48", "an IPv4 address, translated (RFC 8215)"),
        ("100::/64", "discarded (RFC 6666)"),
        ("2001::/32", "an IPv4 address, by Teredo (RFC 4380)"),
        ("2001::/23", "for protocols (RFC 2928)"),
        ("2001:db8::/32", "for documentation (RFC 3849)"),
        ("2002::/16", "an IPv4 address, by 6to4 (RFC 3056)"),
        ("3fff::/20", "for documentation (RFC 9637)"),
        ("5f00::/16", "for segment routing (RFC 9602)"),
        ("fc00::/7", "private (RFC 4193)"),
        ("fe80::/10", "link-local (RFC 4291)"),
        ("fec0::/10", "site-local (RFC 3879)"),
        ("ff00::/8", "multicast (RFC 4291)"),
    )
)
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})
"""The third quarter of an address that carries an IPv4 address in its last (RFC 5214)."""

_LOOPBACK: Final = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))


def why_not(text: str, *, loopback: bool) -> str:
    """Say why an address must not be connected to; nothing where it may.

    `loopback` lets 127.0.0.0/8 and ::1 through, in their own spelling only.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return "not an address"
    if loopback and any(address in network for network in _LOOPBACK):
        return ""
    return _of_v4(address) if isinstance(address, IPv4Address) else _of_v6(address)


def _of_v4(address: IPv4Address) -> str:
    return next((why for network, why in _V4 if address in network), "")


def _of_v6(address: IPv6Address) -> str:
    if address.scope_id is not None:
        return "of one link only (RFC 4007)"
    known = next((why for network, why in _V6 if address in network), "")
    if known:
        return known
    if address not in _GLOBAL_V6:
        return "not global unicast (RFC 4291)"
    if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        return "an IPv4 address, by ISATAP (RFC 5214)"
    return ""
