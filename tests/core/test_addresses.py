"""Which addresses anybody may be sent to: every special network at both ends, every form that holds another."""

from ipaddress import ip_address

import pytest

from service.core.addresses import Allowed, NotSendableError, chosen, is_public, read_allowed
from service.core.errors import MalformedError

PUBLIC = (
    *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"),
    *("128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0"),
    *("192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "203.0.112.255", "223.255.255.255"),
    *("2001:200::1", "2400:cb00:2048:1::c629:d7a2", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e", "3ffe:ffff::1"),
    *("::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2400:cb00::5efe:8.8.8.8"),
)
CLOSED = (
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    *("0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255"),
    *("127.0.0.0", "127.0.0.1", "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255"),
    *("172.16.0.0", "172.31.255.255", "192.0.0.0", "192.0.0.255", "192.0.2.1", "192.88.99.1"),
    *("192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.7"),
    *("224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255"),
    *("::", "::1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fdff::1", "ff02::1", "100::1", "5f00::1", "4000::1"),
    *(
        "1fff:ffff::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:10::1",
        "2001:20::1",
        "2001:1ff:ffff::1",
    ),
    *("2001:db8::1", "3fff::1", "3fff:fff:ffff::1"),
    *("::ffff:127.0.0.1", "::ffff:10.1.2.3", "::ffff:169.254.169.254", "::ffff:100.64.0.1", "::ffff:0.0.0.0"),
    *("::127.0.0.1", "::8.8.8.8", "::ffff:0:8.8.8.8"),
    *("64:ff9b::127.0.0.1", "64:ff9b::192.168.1.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::8.8.8.8"),
    *("2002:7f00:1::1", "2002:a00:1::", "2002:c0a8:101::1", "2002:a9fe:a9fe::", "2002:e000:1::"),
    *("2400:cb00::5efe:10.0.0.1", "2400:cb00::200:5efe:192.168.0.1", "fe80::1%eth0", "2400:cb00::1%1"),
)


@pytest.mark.parametrize("text", PUBLIC)
def test_a_place_on_the_internet_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", CLOSED)
def test_whatever_is_not_certainly_a_place_on_the_internet_is_not(text: str) -> None:
    assert not is_public(ip_address(text))


def test_a_list_of_allowed_hosts_has_names_addresses_and_networks() -> None:
    allowed = read_allowed(" ERP.zone.internal,10.2.0.0/16\n 192.168.0.7 fd00::/8 ")
    assert str(allowed) == "erp.zone.internal,10.2.0.0/16,192.168.0.7/32,fd00::/8"
    assert read_allowed(str(allowed)) == allowed
    assert allowed.covers("Erp.Zone.Internal.", ip_address("127.0.0.1"))
    assert allowed.covers("x", ip_address("10.2.255.255"))
    assert allowed.covers("x", ip_address("fd12::1"))
    assert not allowed.covers("www.erp.zone.internal", ip_address("10.3.0.0"))
    assert read_allowed(" , ") == Allowed()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a.example, http://b.example", 2),
        ("10.2.0.1/16", 1),
        ("127.1", 1),
        ("0x7f000001", 1),
        ("a,b,c.example:8080", 3),
        ("*.example", 1),
        ("-a", 1),
        ("x" * 254, 1),
        (",".join(f"h{n}" for n in range(65)), 65),
    ],
)
def test_what_is_no_host_is_refused_by_its_number(text: str, number: int) -> None:
    with pytest.raises(MalformedError) as refused:
        read_allowed(text)
    assert refused.value.figures["number"] == number


def test_the_first_address_is_connected_to_when_all_of_them_are_public() -> None:
    assert chosen("a.example", ["1.1.1.1", "2606:4700::1"], Allowed(), encrypted=True) == "1.1.1.1"
    assert chosen("a.example", ["2606:4700::1"], Allowed(), encrypted=True) == "2606:4700::1"


@pytest.mark.parametrize(
    ("found", "encrypted", "because"),
    [
        ([], True, "host_unknown"),
        (["garbage"], True, "host_unknown"),
        (["1.1.1.1", "10.0.0.1"], True, "not_public"),
        (["10.0.0.1"], True, "not_public"),
        (["1.1.1.1"], False, "not_https"),
        (["10.0.0.1"], False, "not_https"),
    ],
)
def test_one_address_that_will_not_do_is_enough_to_send_nothing(
    found: list[str], because: str, *, encrypted: bool
) -> None:
    with pytest.raises(NotSendableError) as refused:
        chosen("a.example", found, Allowed(), encrypted=encrypted)
    assert refused.value.because == because


def test_an_allowed_host_may_be_anywhere_and_unencrypted() -> None:
    named, within = read_allowed("a.example"), read_allowed("10.0.0.0/8")
    assert chosen("A.example", ["127.0.0.1"], named, encrypted=False) == "127.0.0.1"
    assert chosen("b.example", ["10.0.0.1"], within, encrypted=False) == "10.0.0.1"
    assert chosen("b.example", ["10.0.0.1", "1.1.1.1"], within, encrypted=True) == "10.0.0.1"
    with pytest.raises(NotSendableError, match="not_https"):
        chosen("b.example", ["10.0.0.1", "1.1.1.1"], within, encrypted=False)
    with pytest.raises(NotSendableError, match="not_public"):
        chosen("b.example", ["10.0.0.1", "192.168.0.1"], within, encrypted=True)
