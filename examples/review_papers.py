"""What the review day prints of the answers it gets: minutes, a letter, a proof that is checked, a table.

Nothing here asks the service for anything: every function is given the JSON or the text of an answer.
"""

import hashlib
import json
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Proven:
    """The number of an entry, how many hashes lead from it to the root, and whether they do."""

    index: int
    hashes: int
    origin: str
    holds: bool


def minutes(told: dict[str, Any]) -> Iterator[str]:
    """Tell the minutes of a meeting."""
    present = [seat["person"]["name"] + (" (chair)" if seat["chair"] else "") for seat in told["seats"]["present"]]
    yield f"{told['meeting']['title']}, {told['meeting']['place']}"
    yield f"present: {', '.join(present)}"
    for item in told["items"]:
        yield ""
        yield f"{item['n']:>2}. {item['number']} {item['project_name']}, {item['applicant_name']}"
        yield from (f"    {line}" for line in _item(item))


def _item(item: dict[str, Any]) -> Iterator[str]:
    yield f"assessed: {item['declared']['outcome']} as declared, {item['verified']['outcome']} as far as verified"
    yield from (f"waived: {gate['label']}" for gate in item["waived"])
    yield "departments: " + ", ".join(f"{said['department']} {said['stance'] or '-'}" for said in item["opinions"])
    yield from (f"recused: {one['person']['name']} ({one['reason']})" for one in item["recusals"])
    if item["decision"] is None:
        yield f"carried over: {item['carried_because']}"
    else:
        yield from _decided(item)


def _decided(item: dict[str, Any]) -> Iterator[str]:
    votes = Counter(ballot["choice"] for ballot in item["ballots"] if ballot["counts"])
    yield "votes: " + ", ".join(f"{count} {choice}" for choice, count in votes.most_common())
    yield f"decided: {item['decision']['outcome']} ({'; '.join(rule['text'] for rule in item['rules'])})"
    for one in item["decision"]["conditions"]:
        yield f"condition: {one['text']}; {one['owner']}; {one['due'] or one['due_on']}; {one['evidence']}"


def letter(told: dict[str, Any]) -> Iterator[str]:
    """Tell the letter about a decision."""
    yield from (told["title"], "", told["salutation"], told["opening"])
    for passage in told["passages"]:
        yield ""
        yield passage["title"]
        yield from (f"- {sentence}" for sentence in passage["sentences"])
    yield from ("", told["notice"], told["signed"])


def proven(entry: dict[str, Any], proof: str) -> Proven:
    """Work out whether an entry is where its proof (``c2sp.org/tlog-proof@v1``) says, from nothing but hashes.

    Who signed the checkpoint in the proof is not looked at: for that an inspector has the key on paper, and
    ``verify.py``.
    """
    head, _, note = proof.partition("\n\n")
    _, number, *hashes = head.split("\n")
    origin, size, root = note.split("\n")[:3]
    index = int(number.removeprefix("index "))
    written = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    leaf = hashlib.sha256(b"\0" + written).digest()
    reached = _climb(leaf, (index, int(size)), [b64decode(line) for line in hashes])
    return Proven(index, len(hashes), origin, reached == b64decode(root))


def _climb(leaf: bytes, place: tuple[int, int], path: Sequence[bytes]) -> bytes | None:
    """Go from a leaf to the root (RFC 9162, 2.1.3.2); None where the path is of another length."""
    at, last, reached = place[0], place[1] - 1, leaf
    for other in path:
        if last == 0:
            return None
        from_left = at % 2 == 1 or at == last
        reached = hashlib.sha256(b"\1" + (other + reached if from_left else reached + other)).digest()
        while from_left and at % 2 == 0 and at > 0:
            at, last = at // 2, last // 2
        at, last = at // 2, last // 2
    return reached if last == 0 else None


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Set rows of ASCII in columns, the first of them as the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    yield lines[0]
    yield "  ".join("-" * width for width in widths)
    yield from lines[1:]
