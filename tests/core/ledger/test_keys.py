import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import MalformedError
from service.core.ledger.keys import KeyType, VerifierKey, read_vkey, write_vkey
from tests.core.ledger.logs import INSPECTOR, LOG, LOG_VKEY, ORIGIN, WITNESS_VKEY

KEY = bytes(range(32))
names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="+"), min_size=1, max_size=12)


def vkey(name: str, material: bytes, key_id: str | None = None) -> str:
    own = hashlib.sha256(name.encode() + b"\n" + material).hexdigest()[:8]
    return f"{name}+{own if key_id is None else key_id}+{base64.b64encode(material).decode()}"


def test_the_known_keys_are_written_as_the_design_has_them() -> None:
    assert LOG.vkey == LOG_VKEY
    assert INSPECTOR.vkey == WITNESS_VKEY
    assert read_vkey(LOG_VKEY) == LOG.key
    assert read_vkey(WITNESS_VKEY) == INSPECTOR.key


@given(names, st.sampled_from(KeyType), st.binary(min_size=32, max_size=32))
def test_a_key_is_read_back_as_it_was_written(name: str, type_: KeyType, public_key: bytes) -> None:
    key = VerifierKey(name, type_, public_key)
    assert read_vkey(write_vkey(key)) == key


def test_base64_with_a_plus_is_not_taken_for_a_separator() -> None:
    key = VerifierKey(ORIGIN, KeyType.LOG, b"\xfb" * 32)
    assert write_vkey(key).count("+") > 2
    assert read_vkey(write_vkey(key)) == key


def test_the_same_key_has_another_id_under_another_type_or_name() -> None:
    ids = {VerifierKey(name, type_, KEY).id for name in ("a", "b") for type_ in KeyType}
    assert len(ids) == 4


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", "key_form"),
        ("a", "key_form"),
        ("a+b", "key_form"),
        (vkey("", b"\x01" + KEY), "key_form"),
        (vkey("a", b"\x01" + KEY, ""), "key_form"),
        (vkey("a", b"\x01" + KEY, "1234567"), "key_form"),
        (vkey("a", b"\x01" + KEY, "123456789"), "key_form"),
        (vkey("a", b"\x01" + KEY, "0x123456"), "key_form"),
        (vkey("a", b"\x01" + KEY, "1234567g"), "key_form"),
        (vkey("a", b"\x01" + KEY).replace("a+", "a++", 1), "key_form"),
        (vkey("a", b"\x01" + KEY) + "\n", "key_form"),
        (vkey("a", b"\x01" + KEY).upper().replace("A+", "a+", 1), "key_form"),
        (vkey("a b", b"\x01" + KEY), "key_name"),
        (vkey("a\u00a0b", b"\x01" + KEY), "key_name"),
        (vkey("a\u3000b", b"\x01" + KEY), "key_name"),
        (vkey("a\u2028b", b"\x01" + KEY), "key_name"),
        (vkey("a\u0085b", b"\x01" + KEY), "key_name"),
        (vkey("a\nb", b"\x01" + KEY), "key_name"),
        (vkey("a\x01b", b"\x01" + KEY), "key_name"),
        ("a\ud800+12345678+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", "utf8"),
        (vkey("a", b"\x01" + KEY, "00000000"), "key_id"),
        (vkey("b", b"\x01" + KEY).replace("b+", "a+", 1), "key_id"),
        (vkey("a", b"\x01" + KEY[:31]), "key_length"),
        (vkey("a", b"\x01" + KEY + b"\x00"), "key_length"),
        (vkey("a", b"\x01"), "key_length"),
        (vkey("a", b""), "key_form"),
        (vkey("a", b"\x00" + KEY), "key_type"),
        (vkey("a", b"\x02" + KEY), "key_type"),
        (vkey("a", b"\x05" + KEY), "key_type"),
        (vkey("a", b"\xff" + KEY), "key_type"),
        (vkey("a", b"\x01" + KEY)[:-1], "base64"),
        (vkey("a", b"\x01" + KEY) + "=", "base64"),
        (vkey("a", b"\x01" + KEY).replace("AQ", "A=Q", 1), "base64"),
        (LOG_VKEY[:-1], "base64"),
    ],
)
def test_a_malformed_key_is_refused(text: str, because: str) -> None:
    with pytest.raises(MalformedError) as refused:
        read_vkey(text)
    assert refused.value.figures == {"because": because}


def test_every_change_of_one_character_makes_another_key_or_none() -> None:
    for place in range(len(LOG_VKEY)):
        for sign in "+/=-_ aA0\n":
            changed = LOG_VKEY[:place] + sign + LOG_VKEY[place + 1 :]
            if changed != LOG_VKEY:
                with pytest.raises(MalformedError):
                    read_vkey(changed)
