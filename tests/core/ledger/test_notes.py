import base64
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import MalformedError
from service.core.ledger.cosignatures import LATEST, Cosignature, read_cosignature, write_cosignature
from service.core.ledger.keys import KeyType, VerifierKey
from service.core.ledger.notes import MOST_SIGNATURES, Note, Signature, Signed, read_note, verify, write_note
from service.core.ledger.refusal import NotProvenError
from tests.core.ledger.logs import INSPECTOR, KNOWN_CHECKPOINT, LOG, ORIGIN, TIME, Signer, flipped

TEXT = "gate.example/log/1\n3\nLP73YnWX4AtWSXV3Stco7yEHBnWfym1kE4xt/By/LNo=\n"
LINE = KNOWN_CHECKPOINT.decode().split("\n")[4]
STRANGER = Signer("stranger.example", b"\x07" * 32)
KEYS = [LOG.key, INSPECTOR.key]

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=40)
names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="+"), min_size=1, max_size=9)
signatures = st.builds(Signature, names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))
notes = st.builds(lambda text, lines: Note(text + "\n", tuple(lines)), texts, st.lists(signatures, min_size=1))


def note(*lines: str, text: str = TEXT) -> bytes:
    return "\n".join([text, *lines, ""]).encode() if lines else f"{text}\n".encode()


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@given(notes)
def test_a_note_is_read_back_as_it_was_written(written: Note) -> None:
    assert read_note(write_note(written)) == written


@given(st.binary(max_size=60) | texts.map(str.encode))
def test_any_bytes_are_read_to_the_same_bytes_or_refused(data: bytes) -> None:
    try:
        read = read_note(data)
    except MalformedError:
        return
    assert write_note(read) == data


def test_the_known_checkpoint_is_signed_by_log_and_witness() -> None:
    read = read_note(KNOWN_CHECKPOINT)
    assert read.text == TEXT
    assert verify(read, KEYS) == (Signed(LOG.key, None), Signed(INSPECTOR.key, TIME))
    assert write_note(Note(TEXT, (LOG.sign(TEXT), INSPECTOR.sign(TEXT)))) == KNOWN_CHECKPOINT


@pytest.mark.parametrize("text", ["\n", "a\n", "a\n\nb\n", "a\n\n", "\n\n\n", "— not a signature\n\n检查点\n"])
def test_the_last_blank_line_separates(text: str) -> None:
    data = write_note(Note(text, (LOG.sign(text),)))
    assert read_note(data).text == text
    assert verify(read_note(data), KEYS) == (Signed(LOG.key, None),)


@pytest.mark.parametrize(
    ("data", "because"),
    [
        (b"", "note_form"),
        (b"\n", "note_form"),
        (b"\n\n", "note_form"),
        (TEXT.encode(), "note_form"),
        (note(), "note_form"),
        (note(LINE)[:-1], "note_form"),
        (note(LINE) + b"\n", "note_form"),
        (f"{TEXT}{LINE}\n".encode(), "note_form"),
        (f"{TEXT[:-1]}\r\n\r\n{LINE}\r\n".encode(), "control_character"),
        (note(LINE, text="a\tb\n"), "control_character"),
        (note(LINE, text="a\x00b\n"), "control_character"),
        (note(LINE, text="a\x1fb\n"), "control_character"),
        (b"\xff" + note(LINE), "utf8"),
        (note(LINE).replace(b"gate", b"\xed\xa0\x80", 1), "utf8"),
        (note(LINE).replace(b"gate", b"\xc0\xaf", 1), "utf8"),
        (note(LINE).replace("—".encode(), b"\xe2\x80"), "utf8"),
        (note(LINE, ""), "note_form"),
        (note("text"), "signature_form"),
        (note(LINE, "text"), "signature_form"),
        (note(LINE.replace("—", "-")), "signature_form"),
        (note(LINE.replace("— ", "—")), "signature_form"),
        (note(" " + LINE), "signature_form"),
        (note("— " + ORIGIN), "signature_form"),
        (note(LINE + " "), "base64"),
        (note(LINE + " x"), "base64"),
        (note(LINE.replace("8=", "8")), "base64"),
        (note(LINE.replace("8=", "9=")), "base64"),
        (note(LINE.replace("8=", "8==")), "base64"),
        (note(LINE.replace("/Lzyl", "_Lzyl")), "base64"),
        (note(f"— a {encoded(b'1234')}"), "signature_length"),
        (note("— a "), "signature_length"),
        (note("— a+b " + encoded(b"12345")), "key_name"),
        (note("—  " + encoded(b"12345")), "key_name"),
        (note("— a\u00a0b " + encoded(b"12345")), "key_name"),
        (note("— a\u2003b " + encoded(b"12345")), "key_name"),
        (note(*[LINE] * (MOST_SIGNATURES + 1)), "note_signatures"),
        (note(LINE, text="a" * 1_000_000 + "\n"), "note_length"),
    ],
)
def test_a_malformed_note_is_refused(data: bytes, because: str) -> None:
    with pytest.raises(MalformedError) as refused:
        read_note(data)
    assert refused.value.figures == {"because": because}


@pytest.mark.parametrize(
    "wrong",
    [
        Note("no newline", (LOG.sign(TEXT),)),
        Note("", (LOG.sign(TEXT),)),
        Note(TEXT, ()),
        Note("a\tb\n", (LOG.sign(TEXT),)),
        Note("\ud800\n", (LOG.sign(TEXT),)),
        Note(TEXT, (replace(LOG.sign(TEXT), name="a b"),)),
        Note(TEXT, (replace(LOG.sign(TEXT), name="a\n\n"),)),
        Note(TEXT, (replace(LOG.sign(TEXT), key_id=b"123"),)),
        Note(TEXT, (replace(LOG.sign(TEXT), body=b""),)),
    ],
)
def test_a_note_that_would_be_read_otherwise_is_not_written(wrong: Note) -> None:
    with pytest.raises(MalformedError):
        write_note(wrong)


def test_a_line_of_an_unknown_key_is_ignored_whatever_it_holds() -> None:
    good = LOG.sign(TEXT)
    others = (
        replace(good, name="gate.example/log/2"),
        replace(good, key_id=b"\x00\x00\x00\x00"),
        Signature("stranger.example", b"1234", b"x"),
        replace(STRANGER.sign(TEXT), body=bytes(64)),
    )
    for other in others:
        assert verify(Note(TEXT, (other, good, other)), KEYS) == (Signed(LOG.key, None),)
        with pytest.raises(NotProvenError, match="unsigned"):
            verify(Note(TEXT, (other,)), KEYS)


def test_sixteen_lines_and_more_are_accepted() -> None:
    strangers = tuple(Signer(f"s{n}.example", bytes([n]) * 32).sign(TEXT) for n in range(MOST_SIGNATURES - 1))
    data = write_note(Note(TEXT, (*strangers, LOG.sign(TEXT))))
    assert verify(read_note(data), KEYS) == (Signed(LOG.key, None),)


def test_a_bad_line_of_a_known_key_spoils_the_whole_note() -> None:
    good, cosigned = LOG.sign(TEXT), INSPECTOR.sign(TEXT)
    bad = (
        replace(good, body=flipped(good.body, 0)),
        replace(good, body=good.body[:-1]),
        replace(good, body=good.body + b"\x00"),
        replace(cosigned, body=flipped(cosigned.body, 0)),
        replace(cosigned, body=flipped(cosigned.body, 63)),
        replace(cosigned, body=cosigned.body[8:]),
        LOG.sign(TEXT + "x\n"),
    )
    for line in bad:
        for lines in [(line, good, cosigned), (good, cosigned, line), (good, line, good)]:
            with pytest.raises(NotProvenError, match="bad_signature"):
                verify(Note(TEXT, lines), KEYS)


def test_the_same_good_line_twice_is_good() -> None:
    assert verify(Note(TEXT, (LOG.sign(TEXT),) * 2), KEYS) == (Signed(LOG.key, None),) * 2


def test_a_note_without_known_keys_is_not_believed() -> None:
    with pytest.raises(NotProvenError, match="unsigned"):
        verify(Note(TEXT, (LOG.sign(TEXT),)), [])


def test_two_keys_that_share_name_and_id_are_refused() -> None:
    seen: dict[bytes, VerifierKey] = {}
    for number in count():  # four bytes meet within some hundred thousand
        key = VerifierKey("a", KeyType.LOG, number.to_bytes(32, "big"))
        other = seen.setdefault(key.id, key)
        if other is not key:
            with pytest.raises(NotProvenError, match="ambiguous_key"):
                verify(Note(TEXT, (LOG.sign(TEXT),)), [LOG.key, key, other])
            return


def test_a_log_signature_is_not_a_cosignature() -> None:
    as_witness = Signer(ORIGIN, bytes(range(32)), KeyType.COSIGNATURE)
    line = replace(LOG.sign(TEXT), key_id=as_witness.key.id)
    with pytest.raises(NotProvenError, match="bad_signature"):
        verify(Note(TEXT, (line,)), [as_witness.key])


@pytest.mark.parametrize("place", range(len(KNOWN_CHECKPOINT)))
def test_the_known_checkpoint_with_a_bit_flipped_in_any_byte_is_not_signed_by_both(place: int) -> None:
    try:
        good = verify(read_note(flipped(KNOWN_CHECKPOINT, place * 8 + place % 8)), KEYS)
    except (MalformedError, NotProvenError):
        return
    assert len(good) < 2


@given(st.integers(0, LATEST), st.binary(min_size=64, max_size=64))
def test_a_cosignature_is_read_back_as_it_was_written(at: int, signature: bytes) -> None:
    cosignature = Cosignature(at, signature)
    assert read_cosignature(write_cosignature(cosignature)) == cosignature


@pytest.mark.parametrize("body", [b"", bytes(71), bytes(73), b"\x80" + bytes(71), b"\xff" * 72])
def test_a_malformed_cosignature_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedError):
        read_cosignature(body)


def test_a_cosignature_at_the_last_possible_second_holds() -> None:
    for at in (0, LATEST):
        assert verify(Note(TEXT, (INSPECTOR.sign(TEXT, at),)), KEYS) == (Signed(INSPECTOR.key, at),)
