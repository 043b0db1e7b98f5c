"""Where a request comes from, with proxies between."""

from ipaddress import ip_network

import pytest
from flask import Flask, request

from service.web.callers import BehindProxies, address

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("127.0.0.1"), ip_network("fd00::/8"))


def seen(peer: str, forwarded: str | None, proto: str | None = None) -> tuple[str, str]:
    """The address and scheme an application sees."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: f"{address()} {request.scheme}")
    app.wsgi_app = BehindProxies(app.wsgi_app, TRUSTED)  # type: ignore[method-assign]  # as its authors advise
    given = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": proto}
    headers = {name: value for name, value in given.items() if value is not None}
    text = app.test_client().get("/", headers=headers, environ_base={"REMOTE_ADDR": peer}).text
    found, _, scheme = text.partition(" ")
    return found, scheme


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("::ffff:10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("fd00::1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "192.0.2.7, 10.1.1.1", "192.0.2.7"),
        ("127.0.0.1", "198.51.100.1, 192.0.2.7, 10.1.1.1", "192.0.2.7"),
        ("127.0.0.1", "10.2.2.2, 10.1.1.1", "10.2.2.2"),
        ("127.0.0.1", "192.0.2.7, nonsense", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7, nonsense, 10.1.1.1", "10.1.1.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("192.0.2.9", "127.0.0.1", "192.0.2.9"),
        ("192.0.2.9", "10.1.1.1", "192.0.2.9"),
        ("", "10.1.1.1", ""),
        ("10.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
    ],
)
def test_the_last_address_that_is_no_trusted_proxys_is_the_callers(
    peer: str, forwarded: str | None, caller: str
) -> None:
    assert seen(peer, forwarded)[0] == caller


@pytest.mark.parametrize(
    ("peer", "proto", "scheme"),
    [
        ("10.0.0.1", "https", "https"),
        ("10.0.0.1", "http, HTTPS", "https"),
        ("10.0.0.1", "javascript", "http"),
        ("10.0.0.1", None, "http"),
        ("192.0.2.9", "https", "http"),
    ],
)
def test_only_a_trusted_proxy_says_which_scheme_it_was(peer: str, proto: str | None, scheme: str) -> None:
    assert seen(peer, "192.0.2.7", proto)[1] == scheme
