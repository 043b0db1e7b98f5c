"""The verifier that stands alone and the product's own modules give the same answer, each by its own code."""

import random
from collections.abc import Callable

import pytest

from service.core.errors import MalformedError
from service.core.ledger import checkpoint, ed25519, keys, merkle, notes, policy, proofs, verify
from service.core.ledger.canonical import NotCanonicalError, canonical_bytes, read_canonical
from service.core.ledger.refusal import NotProvenError
from tests.core.ledger.curve import BASE, EIGHTH, add, sign, spelled, times
from tests.core.ledger.logs import (
    INSPECTOR,
    KNOWN_CHECKPOINT,
    KNOWN_PROOF,
    LOG,
    LOG_VKEY,
    WITNESS_VKEY,
    flipped,
    leaf,
    naive_consistency,
    naive_inclusion,
    naive_root,
)

REFUSED = (MalformedError, NotProvenError, NotCanonicalError, verify.Refused)
LEAVES = [leaf(b"%d" % n) for n in range(40)]
SEED = 20261124

POLICY = f"""\
log {LOG_VKEY} https://gate.example/#sizes=0-9
witness w {WITNESS_VKEY}
# all
group g any w
quorum g
"""
EVENT = '{"a":[1,-2,"x\\n水",null,true,{"b":{}}],"c_1":9007199254740991}'


def answer(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except REFUSED:
        return "refused"


def bent(text: str, chance: random.Random, alphabet: str) -> str:
    """Change a text in one to three places."""
    for _ in range(chance.randint(1, 3)):
        place, sign = chance.randrange(len(text) + 1), chance.choice(alphabet)
        end = place + chance.randint(0, 2)
        text = text[:place] + chance.choice(["", sign, sign + text[place:end], text[place:end] * 2]) + text[end:]
    return text


def compare(
    seeds: list[str], rounds: int, ours: Callable[[bytes], object], theirs: Callable[[bytes], object], alphabet: str
) -> None:
    """Ask both about bent texts; both kinds of answer must come up, or the test says nothing."""
    chance = random.Random(SEED)  # noqa: S311 - texts to try, no secret
    answers = []
    for number in range(rounds):
        seed = seeds[number % len(seeds)]
        text = seed if number < len(seeds) else bent(seed, chance, alphabet)
        data = text.encode("utf-8", "surrogateescape")
        expected = answer(lambda: ours(data))  # noqa: B023 - called at once
        assert answer(lambda: theirs(data)) == expected, text  # noqa: B023 - called at once
        answers.append(expected == "refused")
    assert set(answers) == {True, False}


def test_verifier_keys() -> None:
    def ours(data: bytes) -> object:
        key = keys.read_vkey(data.decode("utf-8", "surrogateescape"))
        return key.name, key.id, int(key.type), key.public_key

    def theirs(data: bytes) -> object:
        return tuple(verify.parse_key(data.decode("utf-8", "surrogateescape")))

    compare([LOG_VKEY, WITNESS_VKEY], 4000, ours, theirs, "+= \u3000\n\x00aA0/\udcff")


def test_signed_notes() -> None:
    def ours(data: bytes) -> object:
        read = notes.read_note(data)
        return read.text, [(line.name, line.key_id, line.body) for line in read.signatures]

    seeds = ["\n\n— a AAAAAAA=\n", "a\n\n\n— a+ AAAAAAA=\n", KNOWN_CHECKPOINT.decode()]
    compare(seeds, 6000, ours, verify.parse_note, "\n\n — +=\r\t\x00A9\u00a0\udcff")


def test_checkpoints() -> None:
    def ours(data: bytes) -> object:
        read = checkpoint.read_checkpoint(data.decode("utf-8", "surrogateescape"))
        return read.origin, read.size, read.root

    def theirs(data: bytes) -> object:
        return tuple(verify.parse_checkpoint(data.decode("utf-8", "surrogateescape")))

    seeds = [KNOWN_CHECKPOINT.decode().split("\n\n")[0] + "\n", "a\n0\n" + "A" * 43 + "=\nx\n"]
    compare(seeds, 6000, ours, theirs, "\n0139 =-+_\r\x00٣")


def test_proofs() -> None:
    def ours(data: bytes) -> object:
        read = proofs.read_proof(data)
        return read.index, list(read.path), read.checkpoint

    seeds = [KNOWN_PROOF.decode(), KNOWN_PROOF.decode().replace("index", "extra YQ==\nindex", 1)]
    compare(seeds, 6000, ours, verify.parse_proof, "\n\n0139 =-+_\r\x00٣é")


def test_policies() -> None:
    def ours(data: bytes) -> object:
        read = policy.read_policy(data)
        return (
            [(one.key.id, one.first, one.last) for one in read.logs],
            {name: (one.key.id, one.first, one.last) for name, one in read.witnesses.items()},
            {name: (one.least, one.members) for name, one in read.groups.items()},
            read.quorum,
        )

    def theirs(data: bytes) -> object:
        logs, witnesses, groups, quorum = verify.parse_policy(data)
        return (
            [(key.id, first, last) for key, first, last in logs],
            {name: (key.id, first, last) for name, (key, first, last) in witnesses.items()},
            groups,
            quorum,
        )

    lines = POLICY.splitlines(keepends=True)
    seeds = [
        POLICY,
        "quorum none\n",
        "".join(lines + lines[:1]),
        "".join(lines + lines[1:2]),
        "".join(lines + lines[3:4]),
        "".join(lines[1:] + lines[4:]),
        "".join([*lines[:3], "group h 2 w w\n", "quorum none\n"]),
        "".join([*lines[:3], "group h 1 w w\n", "quorum none\n"]),
        "".join([*lines[:3], "group none 1 w\n", "quorum none\n"]),
        "".join([*lines[:3], "group h 1 none\n", "quorum none\n"]),
        "".join([*lines[:3], "group h 01 w\n", "quorum h\n"]),
        "".join([*lines[:3], "group h\n", "quorum none\n"]),
        POLICY.replace("sizes=0-9", "sizes=9-0"),
        POLICY.replace("sizes=0-9", "sizes=5-"),
        POLICY.replace("sizes=0-9", "sizes"),
        POLICY.replace("sizes=0-9", "top"),
        POLICY.replace("witness w", "witness none"),
        POLICY.replace("witness w", "witness \udcff").replace("any w", "any \udcff"),
    ]
    compare(seeds, 8000, ours, theirs, "\n \t#gwnone01\r\x00\x7f\u00a0\udcff")


def test_events() -> None:
    def ours(data: bytes) -> object:
        return canonical_bytes(read_canonical(data))

    def theirs(data: bytes) -> object:
        return canonical_bytes(verify.parse_event(data))

    deep = "[" * 33 + "]" * 33
    seeds = [
        EVENT,
        deep,
        deep[1:-1],
        '"\\u001f"',
        "0",
        "1.0",
        "-0",
        '"\\ud800"',
        '"\\u0000"',
        "9007199254740992",
        "1e5",
    ]
    compare(seeds, 8000, ours, theirs, '{}[]",:01-.eE\\ud8 \n\x00水\udcff')


def test_signatures() -> None:
    cases = [(LOG.key.public_key, b"", bytes(64))]
    for number in range(60):
        message = b"%d" % number
        signature = LOG.sign(message.decode()).body
        bits = random.Random(number).sample(range(512), 3)  # noqa: S311 - bits to try, no secret
        cases += [(LOG.key.public_key, message, signature)]
        cases += [(LOG.key.public_key, message, flipped(signature, bit)) for bit in bits]
        cases += [(flipped(LOG.key.public_key, bits[0] % 256), message, signature)]
    for y in (*range(40), 2**255 - 20, 2**255 - 19, 2**255 - 18, 2**255 - 1):
        for odd in (0, 1):
            for half in (bytes(32), (1).to_bytes(32, "little")):
                cases += [((y | odd << 255).to_bytes(32, "little"), b"x", half + bytes(32))]
    answers = [ed25519.holds(*one) for one in cases]
    assert [verify.signature_holds(*one) for one in cases] == answers
    assert answers.count(True) == 60


def test_keys_of_small_and_of_mixed_order() -> None:
    answers = []
    for number in range(8):
        small = times(number, EIGHTH)
        for scalar, key in [(0, spelled(small)), (5, spelled(add(times(5, BASE), small)))]:
            for attempt in range(12):
                message = b"%d" % attempt
                signature = sign(scalar, key, message)
                answers.append(ed25519.holds(key, message, signature))
                assert verify.signature_holds(key, message, signature) == answers[-1]
    assert 12 < answers.count(True) < 96


def test_inclusion() -> None:
    asked = 0
    for size in range(1, 18):
        tree = naive_root(LEAVES[:size])
        for index in range(size):
            proof = naive_inclusion(index, LEAVES[:size])
            for other in range(-1, size + 2):
                for path in (proof, proof[:-1], (*proof, tree), proof[::-1], (*proof[:1], *proof)):
                    for claimed in (size, size + 1, 0, 2**63):
                        expected = answer(lambda: merkle.verify_inclusion(LEAVES[index], other, claimed, path, tree))  # noqa: B023 - called at once
                        given = answer(lambda: verify.check_inclusion(LEAVES[index], (other, claimed), path, tree))  # noqa: B023 - called at once
                        assert given == expected
                        asked += 1
    assert asked > 30_000


def test_consistency() -> None:
    asked = 0
    for new in range(18):
        second = naive_root(LEAVES[:new])
        for old in range(new + 1):
            first = naive_root(LEAVES[:old])
            proof = naive_consistency(old, LEAVES[:new]) if old else ()
            for path in (proof, proof[:-1], (*proof, second), proof[::-1], (first, *proof), proof[1:], (b"x", *proof)):
                for sizes in ((old, new), (old + 1, new), (old, new + 1), (new, old), (-1, new), (old, 2**63)):
                    trees = (sizes[0], first), (sizes[1], second)
                    expected = answer(lambda: merkle.verify_consistency(*trees, path))  # noqa: B023 - called at once
                    assert answer(lambda: verify.check_consistency(*trees, path)) == expected  # noqa: B023 - called at once
                    asked += 1
    assert asked > 7_000


def test_judgements() -> None:
    trusts = [POLICY, POLICY.replace("0-9", "0-2"), POLICY.replace("quorum g", "quorum none"), "quorum none\n"]
    text = notes.read_note(KNOWN_CHECKPOINT).text
    good, cosigned = LOG.sign(text), INSPECTOR.sign(text)
    stranger = notes.Signature("stranger.example", b"1234", b"x")
    spoiled = notes.Signature(good.name, good.key_id, flipped(good.body, 5))
    seen = set()
    for trust in trusts:
        for lines in [(good,), (cosigned,), (good, cosigned), (stranger, good), (good, spoiled), (stranger,)]:
            data = notes.write_note(notes.Note(text, lines))

            def ours(data: bytes = data, trust: str = trust) -> object:
                judged = policy.judge(notes.read_note(data), policy.read_policy(trust.encode()))
                return judged.checkpoint.size, dict(judged.witnesses), judged.quorum

            def theirs(data: bytes = data, trust: str = trust) -> object:
                judged = verify.judge(data, verify.parse_policy(trust.encode()))
                return judged.checkpoint.size, judged.times, judged.quorum

            assert answer(theirs) == answer(ours)
            seen.add(str(answer(ours)))
    assert len(seen) == 4


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 1000, 65_536, 65_537 + 300])
def test_roots(size: int) -> None:
    leaves = [leaf(b"%d" % n) for n in range(size)]
    tree = verify.Tree()
    for start in range(0, size, 999):
        tree.grow(leaves[start : start + 999])
    frontier, _ = merkle.extend(merkle.Frontier(), leaves)
    assert (tree.size, tree.root()) == (size, merkle.root(frontier))
