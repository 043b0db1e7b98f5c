"""Network addresses: which of them anybody on the internet may have, and which names and networks were allowed by name.

Written out rather than asked of the standard library, whose answer differs from version to version. Refused is whatever
is not certainly somebody's place on the internet; an address that holds another is as public as the one it holds.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from service.core.errors import MalformedError

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

MOST_ALLOWED: Final = 64

# IANA's special-purpose registry: this network, private, shared (carriers), loopback, link-local, protocols,
# documentation, 6to4 relays, benchmarks, multicast, reserved and broadcast.
_CLOSED_4: Final = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_UNICAST_6: Final = IPv6Network("2000::/3")
# Protocols (Teredo among them) and documentation.
_CLOSED_6: Final = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "3fff::/20"))
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
# The halves of an interface that holds an IPv4 address (ISATAP).
_ISATAP: Final = frozenset({0x0000_5EFE, 0x0200_5EFE})
_LOW: Final = 0xFFFF_FFFF

_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*", re.ASCII)


class NotSendableError(ValueError):
    """Nothing is sent to this host, and why: ``host_unknown``, ``not_https`` or ``not_public``."""

    def __init__(self, because: str) -> None:
        """Keep the reason."""
        super().__init__(because)
        self.because = because


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts that may be sent to wherever they are: by name, in small letters, or by the network they lie in."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def __str__(self) -> str:
        """Write the list the way it is read."""
        return ",".join([*sorted(self.names), *map(str, self.networks)])

    def covers(self, host: str, address: Address) -> bool:
        """Whether a host, or the address it has, is on the list."""
        return host.lower().rstrip(".") in self.names or any(address in network for network in self.networks)


def chosen(host: str, found: Sequence[str], allowed: Allowed, *, encrypted: bool) -> str:
    """Give the one address to connect to, of those a host was found to have: the first, if all of them will do.

    Raises ``NotSendableError``.
    """
    addresses = [read_address(text) for text in found]
    known = [address for address in addresses if address is not None]
    if not known or len(known) < len(addresses):
        raise NotSendableError("host_unknown")
    if not all(allowed.covers(host, address) for address in known):
        if not encrypted:
            raise NotSendableError("not_https")
        if not all(is_public(address) or allowed.covers(host, address) for address in known):
            raise NotSendableError("not_public")
    return str(known[0])


def is_public(address: Address) -> bool:
    """Whether anybody on the internet may have this address."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    held = _held(address)
    if held is not None:
        return is_public(held)
    return (
        address.scope_id is None
        and address in _UNICAST_6
        and not any(address in network for network in _CLOSED_6)
        and (int(address) >> 32 & _LOW not in _ISATAP or is_public(_low(address)))
    )


def read_address(text: str) -> Address | None:
    """Read an address in its usual spelling; None for any other text."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def read_allowed(text: str) -> Allowed:
    """Read names, addresses and networks, separated by commas or white space.

    Raises ``MalformedError`` with the number of the one that is none of them, or is one too many.
    """
    names: set[str] = set()
    networks: list[Network] = []
    for number, word in enumerate(re.split(r"[,\s]+", text.strip(", \t\r\n")) if text.strip(", \t\r\n") else (), 1):
        network = _network(word)
        if number > MOST_ALLOWED or (network is None and not _is_name(word)):
            raise MalformedError(because="host", number=number)
        if network is None:
            names.add(word.lower())
        else:
            networks.append(network)
    return Allowed(frozenset(names), tuple(networks))


def _held(address: IPv6Address) -> IPv4Address | None:
    """Give the IPv4 address that traffic to this one ends at: mapped, translated (NAT64), or behind 6to4."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _TRANSLATED:
        return _low(address)
    return address.sixtofour


def _low(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & _LOW)


def _network(word: str) -> Network | None:
    try:
        return ip_network(word)
    except ValueError:
        return None


def _is_name(word: str) -> bool:
    """Whether a text is a host's name. One whose last part is a number is an address, oddly spelled."""
    name = word.lower()
    last = name.rpartition(".")[2]
    return _NAME.fullmatch(name) is not None and re.fullmatch(r"\d+|0x[0-9a-f]*", last) is None
