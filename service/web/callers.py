"""Where a request comes from: the address that speaks to us, or the one a trusted proxy says it speaks for."""

from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Final

from flask import request

from service.core.addresses import Address, Network

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_FOR: Final = "HTTP_X_FORWARDED_FOR"
_PROTO: Final = "HTTP_X_FORWARDED_PROTO"
# Any of these says that somebody stands between.
_BETWEEN: Final = (_FOR, _PROTO, "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_HOST")
_SCHEMES: Final = ("http", "https")


class BehindProxies:
    """Lets an application see the address and scheme that trusted proxies tell of.

    The last address that is not a trusted proxy's is the caller's: what stands before it may be made up. An untrusted
    peer is the caller itself, whatever it says.
    """

    def __init__(self, app: "WSGIApplication", trusted: tuple[Network, ...]) -> None:
        """Take the application and the addresses of the proxies."""
        self._app = app
        self._trusted = trusted

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request from where it really comes."""
        peer = _address(environ.get("REMOTE_ADDR", ""))
        if peer is not None and self._trusts(peer):
            environ["REMOTE_ADDR"] = self._caller(environ.get(_FOR, ""), peer)
            scheme = environ.get(_PROTO, "").rpartition(",")[2].strip().lower()
            if scheme in _SCHEMES:
                environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start_response)

    def _caller(self, forwarded: str, peer: Address) -> str:
        last = peer
        for text in reversed(forwarded.split(",")):
            found = _address(text.strip())
            if found is None:
                break
            last = found
            if not self._trusts(found):
                break
        return str(last)

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def address() -> str:
    """Give the address the request being answered comes from, an IPv6 one as the network a caller has to itself."""
    text = request.environ.get("REMOTE_ADDR", "")
    found = _address(text)
    if isinstance(found, IPv6Address):
        return found.exploded[:19]
    return text if found is None else str(found)


def is_on_this_machine() -> bool:
    """Whether the request comes from this very machine, and nobody stands between."""
    environ = request.environ
    found = _address(environ.get("REMOTE_ADDR", ""))
    return found is not None and found.is_loopback and not any(name in environ for name in _BETWEEN)


def _address(text: str) -> Address | None:
    """Read an address; an IPv4 one inside an IPv6 one is the former."""
    found: Address | None = None
    with suppress(ValueError):
        found = ip_address(text)
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
