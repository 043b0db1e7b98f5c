"""Check a Sluice ledger offline: one file, nothing but Python's standard library, no trust in whoever keeps the ledger.

    python verify.py BUNDLE (--key VKEY ... | --policy FILE) [--checkpoint FILE ...] [--max-age SECONDS]

BUNDLE is a folder or a zip in the layout of docs/ledger.md. What to believe comes from outside it: the keys, and the
checkpoints you kept. Exit codes: 0 proven, 1 contradiction, 2 incomplete or stale, 3 usage or unreadable.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice, pairwise
from pathlib import Path
from typing import IO, Any, NamedTuple, NoReturn

LARGEST_EVENT, LARGEST_INTEGER, LARGEST_SIZE = 65_535, 2**53 - 1, 2**63 - 1
LARGEST_NOTE, MOST_SIGNATURES, MOST_HASHES, LARGEST_FILE = 1_000_000, 100, 63, 64 << 20
LOG, WITNESS = 1, 4  # what a key signs: notes, or cosignatures
LAST_SECOND = 253_402_300_799  # of the year 9999
AHEAD = 300  # seconds a time may be in front of this clock
SHOWN = 10  # findings of one kind that are spelled out
BATCH = 1 << 8  # entries looked at together, at most 16 MiB of them
KEY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII)
NAMES = re.ASCII | re.DOTALL
TYPE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", re.ASCII)
HASH = re.compile(r"^[0-9a-f]{64}\Z", re.ASCII)


class Refused(ValueError):  # noqa: N818 - not an error of this program
    """Something has not the form it must have, or does not prove what it should: a code of ``SENTENCES``."""


def refuse(code: str, unless: object = False) -> None:  # noqa: FBT002 - reads as a sentence
    """Refuse with a code, unless something holds."""
    if not unless:
        raise Refused(code)


# --- Ed25519 (RFC 8032), strictly: s below the order, keys in their one spelling and not of small order, no cofactor

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int, int]  # x = X/Z, y = Y/Z


def _plus(one: Point, other: Point) -> Point:
    z = one[2] * other[2] % P
    xx, yy = one[0] * other[0] % P, one[1] * other[1] % P
    mixed = ((one[0] + one[1]) * (other[0] + other[1]) - xx - yy) % P
    square, product = z * z % P, D * xx * yy % P
    less, more = square - product, square + product
    return z * less * mixed % P, z * more * (yy + xx) % P, less * more % P


def _decoded(spelling: bytes) -> Point | None:
    odd, y = divmod(int.from_bytes(spelling, "little"), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and odd):
        return None
    return (x if x % 2 == odd else P - x), y, 1


BASE = _decoded(b"\x58" + b"\x66" * 31)


def signature_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature is the key's for the message."""
    if len(key) != 32 or len(signature) != 64:  # noqa: PLR2004 - RFC 8032
        return False
    point, s = _decoded(key), int.from_bytes(signature[32:], "little")
    if point is None or BASE is None or s >= ORDER:
        return False
    small = point
    for _ in range(3):
        small = _plus(small, small)
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    minus = (P - point[0], point[1], 1)
    table, result = ((0, 1, 1), BASE, minus, _plus(BASE, minus)), (0, 1, 1)
    for bit in range(252, -1, -1):
        result = _plus(_plus(result, result), table[(s >> bit & 1) + 2 * (k >> bit & 1)])
    inverse = pow(result[2], -1, P)
    x, y = result[0] * inverse % P, result[1] * inverse % P
    return small[0] != 0 and (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# --- the tree (RFC 9162)


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two nodes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(row: Sequence[bytes]) -> bytes:
    """Hash a row of neighbours of equal size, the last of which may be smaller, up to one."""
    while len(row) > 1:
        odd = [row[-1]] if len(row) & 1 else []
        sha256 = hashlib.sha256
        row = [sha256(b"\x01" + a + b).digest() for a, b in zip(row[::2], row[1::2], strict=False)] + odd
    return row[0] if row else hashlib.sha256(b"").digest()


class Tree:
    """A tree that grows; ``seen`` is told the hashes of each tile of 256 (level, index, hashes) when it is full."""

    def __init__(self, seen: Callable[[int, int, Sequence[bytes]], None] = lambda *_: None) -> None:
        """Start empty."""
        self.size = 0
        self.rows: list[list[bytes]] = [[]]
        self._seen = seen

    def grow(self, leaves: Sequence[bytes], level: int = 0) -> None:
        """Append leaf hashes."""
        self.size += 0 if level else len(leaves)
        if level == len(self.rows):
            self.rows.append([])
        row = self.rows[level] + list(leaves)
        whole = len(row) // 256
        first = (self.size >> 8 * (level + 1)) - whole
        full = [row[start : start + 256] for start in range(0, whole * 256, 256)]
        for index, tile in enumerate(full, start=first):
            self._seen(level, index, tile)
        self.rows[level] = row[whole * 256 :]
        if full:
            self.grow([fold(tile) for tile in full], level + 1)

    def root(self) -> bytes:
        """Give the root."""
        below: list[bytes] = []
        for row in self.rows:
            below = [fold(row + below)] if row or below else []
        return fold(below)


def check_inclusion(leaf: bytes, place: tuple[int, int], path: Sequence[bytes], root: bytes) -> None:
    """Check a path from a leaf hash at (index, size) to a root (RFC 9162, 2.1.3.2). Raises ``Refused``."""
    index, size = place
    refuse("proof_place", unless=0 <= index < size <= LARGEST_SIZE)
    last, result = size - 1, leaf
    for step in path:
        refuse("proof_false", unless=last)
        if index & 1 or index == last:
            result = node_hash(step, result)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            result = node_hash(result, step)
        index, last = index >> 1, last >> 1
    refuse("proof_false", unless=not last and result == root and {32} == set(map(len, (leaf, root, *path))))


def check_consistency(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> None:
    """Check that a tree (size, root) begins with another (RFC 9162, 2.1.4.2). Raises ``Refused``."""
    (first, old_root), (second, new_root) = old, new
    refuse("proof_place", unless=0 <= first <= second <= LARGEST_SIZE and (first or not second))
    refuse("proof_false", unless={32} == set(map(len, (old_root, new_root, *proof))))
    if first == second:
        return refuse("proof_false", unless=not proof and old_root == new_root and (first or old_root == fold(())))
    path = list(proof) if first & (first - 1) else [old_root, *proof]
    refuse("proof_false", unless=path)
    index, last = first - 1, second - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    before = after = path[0]
    for step in path[1:]:
        refuse("proof_false", unless=last)
        if index & 1 or index == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            after = node_hash(after, step)
        index, last = index >> 1, last >> 1
    return refuse("proof_false", unless=not last and before == old_root and after == new_root)


# --- C2SP texts: verifier keys, signed notes, checkpoints, proofs, policies


class Key(NamedTuple):
    """A name, the id under which it signs, what it signs (1 notes, 4 cosignatures), and its public half."""

    name: str
    id: bytes
    kind: int
    public: bytes


class Checkpoint(NamedTuple):
    """Which log, how many entries, the root over them."""

    origin: str
    size: int
    root: bytes


class Trust(NamedTuple):
    """Logs and witnesses as (key, first size, last size), groups as (least, members), and the quorum's name."""

    logs: list[tuple[Key, int, int]]
    witnesses: dict[str, tuple[Key, int, int]]
    groups: dict[str, tuple[int, tuple[str, ...]]]
    quorum: str


class Manifest(NamedTuple):
    """By path: the SHA-256 of each file, its size if that is told, and why what is missing was missing already."""

    files: dict[str, str]
    sizes: dict[str, int]
    missing: dict[str, str]


class Judged(NamedTuple):
    """A checkpoint signed by a log that is believed, the times of its witnesses, and whether they are enough."""

    checkpoint: Checkpoint
    times: dict[str, int]
    quorum: bool


def parse_number(text: str) -> int:
    """Read a decimal without leading zeros. Raises ``Refused``."""
    refuse("number", unless=re.fullmatch(r"0|[1-9][0-9]{0,18}", text, re.ASCII) and int(text) <= LARGEST_SIZE)
    return int(text)


def parse_base64(text: str, length: int | None = None) -> bytes:
    """Read canonical base64. Raises ``Refused``."""
    refuse("base64", unless=re.fullmatch(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3}={1,2})?", text, re.ASCII))
    refuse("base64", unless=len(text) % 4 == 0)
    raw = base64.b64decode(text)
    refuse("base64", unless=base64.b64encode(raw).decode() == text and length in (None, len(raw)))
    return raw


def check_name(name: str) -> None:
    """Refuse a key name that is empty or holds a space, plus, control character or half a character."""
    refuse("key", unless=name and not any(c == "+" or c.isspace() or c < " " or "\ud800" <= c < "\ue000" for c in name))


def parse_key(text: str) -> Key:
    """Read a verifier key. Raises ``Refused``."""
    parts = re.fullmatch(r"([^+]+)\+([0-9a-f]{8})\+(.+)", text, re.ASCII | re.DOTALL)
    refuse("key", unless=parts)
    name, key_id, encoded = parts.groups() if parts else ("", "", "")
    check_name(name)
    material = parse_base64(encoded, 33)
    digest = hashlib.sha256(name.encode() + b"\n" + material).digest()
    refuse("key", unless=digest.hex()[:8] == key_id and material[0] in {LOG, WITNESS})
    return Key(name, digest[:4], material[0], material[1:])


def parse_note(data: bytes) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Read a signed note into its text and lines (name, id, what was written). Raises ``Refused``."""
    refuse("note", unless=len(data) <= LARGEST_NOTE)
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise Refused("note") from error
    text, blank, rest = whole.rpartition("\n\n")
    lines = rest.split("\n")
    refuse("note", unless=blank and lines.pop() == "" and 0 < len(lines) <= MOST_SIGNATURES)
    refuse("note", unless=not any(c < " " and c != "\n" for c in whole))
    return text + "\n", [_parse_line(line) for line in lines]


def _parse_line(line: str) -> tuple[str, bytes, bytes]:
    name, space, encoded = line[2:].partition(" ")
    refuse("note", unless=line[:2] == "\u2014 " and space)
    check_name(name)
    raw = parse_base64(encoded)
    refuse("note", unless=len(raw) > 4)  # noqa: PLR2004 - the id alone
    return name, raw[:4], raw[4:]


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint. Raises ``Refused``."""
    lines = text.split("\n")
    refuse("checkpoint", unless=lines.pop() == "" and len(lines) > 2 and all(lines))  # noqa: PLR2004 - three lines
    refuse("checkpoint", unless=not any(c < " " for line in lines for c in line))
    return Checkpoint(lines[0], parse_number(lines[1]), parse_base64(lines[2], 32))


def parse_proof(data: bytes) -> tuple[int, list[bytes], bytes]:
    """Read a proof into index, path and signed checkpoint, without which it is none. Raises ``Refused``."""
    head, blank, note = data.partition(b"\n\n")
    refuse("proof", unless=blank and len(data) <= LARGEST_NOTE and head.isascii())
    first, *lines = head.decode("ascii").split("\n")
    if lines and lines[0].startswith("extra "):
        refuse("proof", unless=parse_base64(lines.pop(0)[6:]))
    refuse("proof", unless=first == "c2sp.org/tlog-proof@v1" and lines and lines[0].startswith("index "))
    refuse("proof", unless=len(lines) <= 1 + MOST_HASHES)
    parse_checkpoint(parse_note(note)[0])
    return parse_number(lines[0][6:]), [parse_base64(line, 32) for line in lines[1:]], note


def parse_policy(data: bytes) -> Trust:
    """Read a policy. Raises ``Refused``."""
    refuse("policy", unless=data.endswith(b"\n") and len(data) <= LARGEST_NOTE)
    refuse("policy", unless=not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", data))
    trust, quorums = Trust([], {}, {}, ""), []
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        words = re.split(r"[ \t]+", line.strip(" \t"))
        if words[0] == "quorum":
            refuse("policy", unless=len(words) == 2 and words[1] in {"none", *trust.witnesses, *trust.groups})  # noqa: PLR2004 - one name
            quorums.append(words[1])
        elif words[0] and not words[0].startswith("#"):
            _define(trust, words)
    refuse("policy", unless=len(quorums) == 1)
    return trust._replace(quorum=quorums[0])


def _define(trust: Trust, words: list[str]) -> None:
    named = {*trust.witnesses, *trust.groups}
    match words:
        case ["log", key, *url]:
            trust.logs.append(_trusted(key, url, LOG, [log[0] for log in trust.logs]))
        case ["witness", name, key, *url] if name not in {*named, "none"}:
            trust.witnesses[name] = _trusted(key, url, WITNESS, [one[0] for one in trust.witnesses.values()])
        case ["group", name, least, *members] if name not in {*named, "none"}:
            used = Counter(member for group in trust.groups.values() for member in group[1])
            trust.groups[name] = _group(least, members, used, named)
        case _:
            refuse("policy")


def _trusted(text: str, url: list[str], kind: int, others: list[Key]) -> tuple[Key, int, int]:
    key = parse_key(text)
    refuse("policy", unless=key.kind == kind and len(url) <= 1 and key.public not in {one.public for one in others})
    fragment = url[0].partition("#")[2] if url else ""
    if not fragment.startswith("sizes"):
        return key, 0, LARGEST_SIZE
    parts = re.fullmatch(r"sizes=([0-9]+)-([0-9]*)", fragment, re.ASCII)
    refuse("policy", unless=parts)
    first, last = parts.groups() if parts else ("", "")
    sizes = parse_number(first), parse_number(last or str(LARGEST_SIZE))
    refuse("policy", unless=sizes[0] <= sizes[1])
    return key, *sizes


def _group(least: str, members: list[str], used: Counter[str], named: set[str]) -> tuple[int, tuple[str, ...]]:
    used = used + Counter(members)
    refuse("policy", unless=members and all(member in named and used[member] == 1 for member in members))
    number = {"any": 1, "all": len(members)}.get(least) or parse_number(least)
    refuse("policy", unless=1 <= number <= len(members))
    return number, tuple(members)


def judge(data: bytes, trust: Trust) -> Judged:
    """Weigh a signed checkpoint: every line of a known key must hold, and a log of this name must have signed."""
    text, lines = parse_note(data)
    checkpoint = parse_checkpoint(text)
    known: dict[tuple[str, bytes], Key] = {}
    for key, *_ in (*trust.logs, *trust.witnesses.values()):
        refuse("key", unless=known.setdefault((key.name, key.id), key) == key)
    good: dict[Key, int] = {}
    for name, key_id, body in lines:
        if found := known.get((name, key_id)):
            good[found] = max(good.get(found, 0), _signed_at(found, text, body))
    logs = [
        one for one in trust.logs if one[0] in good and one[0].name == checkpoint.origin and _covers(one, checkpoint)
    ]
    refuse("unsigned", unless=logs)
    times = {name: good[one[0]] for name, one in trust.witnesses.items() if one[0] in good and _covers(one, checkpoint)}
    reached = {"none", *times}
    for name, (least, members) in trust.groups.items():
        reached |= {name} if sum(member in reached for member in members) >= least else set()
    return Judged(checkpoint, times, trust.quorum in reached)


def _signed_at(key: Key, text: str, body: bytes) -> int:
    at, message, signature = 0, text.encode(), body
    if key.kind == WITNESS:  # eight bytes of time stand before the signature
        at, signature = int.from_bytes(body[:8], "big"), body[8:]
        message = f"cosignature/v1\ntime {at}\n{text}".encode()
    refuse("bad_signature", unless=at <= LARGEST_SIZE and signature_holds(key.public, message, signature))
    return at


def _covers(trusted: tuple[Key, int, int], checkpoint: Checkpoint) -> bool:
    return trusted[1] <= checkpoint.size <= trusted[2]


# --- events (RFC 8785, restricted)


def _integer(text: str) -> int:
    refuse("canonical", unless=len(text) <= len(str(-LARGEST_INTEGER)) and abs(int(text)) <= LARGEST_INTEGER)
    return int(text)


def _no_number(text: str) -> NoReturn:
    raise Refused(text)


READER = json.JSONDecoder(parse_int=_integer, parse_float=_no_number, parse_constant=_no_number)
WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
DEEPEST = 32


def parse_event(canon: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Read bytes that are the one spelling of a JSON value without floats. Raises ``Refused``."""
    try:
        value = READER.decode(canon.decode())
        again = WRITER.encode(value).encode()
    except (ValueError, RecursionError) as error:
        raise Refused("canonical") from error
    refuse("canonical", unless=again == canon and len(canon) <= LARGEST_EVENT)
    refuse("canonical", unless=b"\\u0000" not in canon or not NUL.search(canon))
    layer, depth = [value], 0
    while layer:
        refuse("canonical", unless=all(all(map(KEY.fullmatch, item)) for item in layer if type(item) is dict))
        refuse("canonical", unless=depth <= DEEPEST)
        inside = (item.values() if type(item) is dict else item for item in layer if type(item) in {dict, list})
        layer, depth = [inner for items in inside for inner in items], depth + 1
    return value


# --- what is said, in Chinese and in English: a code, then both sentences


def _table(text: str) -> dict[str, list[str]]:
    return {code: both.split(" | ") for code, _, both in (line.partition(": ") for line in text.splitlines())}


CHECKS = _table("""\
1: 事件字节规范，散列一致 | events: bytes canonical, hashed here
2: 序号从 0 连续，分片一致 | numbers 0..n-1, tiles agree
3: 条目归于已签名检查点的根 | entries lead to a signed root
4: 检查点签名，按策略与密钥适用范围 | signatures, by policy and the range of each key
5: 各检查点前后一致（含您带来的） | checkpoints consistent, yours among them
6: 见证人法定数 | quorum of witnesses
7: 时效 | age
8: 每一事项的版次连续 | rev and prev of each subject
9: 附件与清单散列 | blobs and files by their hash
10: 重算评价：本程序不做 | replay of assessments: not done here""")
FINDINGS = _table("""\
form: {where}：格式不合规（{code}） | {where}: malformed ({code})
bad_signature: {where}：已知密钥的签名无效 | {where}: a known key's signature does not hold
unsigned: {where}：没有可信密钥的签名 | {where}: no signature of a key you trust
proof_false: {where}：证明不成立 | {where}: the proof does not hold
no_root: 没有已签名的根，不构成证明 | no signed root: nothing is proven
no_entries: 没有可核验的条目 | there are no entries to check
root: 检查点 {size} 的根与条目不符 | the entries do not have the root of checkpoint {size}
fork: 大小 {size} 有两个不同的已签名的根 | two different roots were signed for size {size}
origins: {where}：属于另一台账 | {where}: of another log
missing_tail: 检查点 {size} 之内缺少条目，仅有 {count} 条 | entries below checkpoint {size} are missing: {count} given
uncovered: 第 {size} 条之后没有检查点覆盖 | no checkpoint covers what follows entry {size}
tile: {where}：与条目不符 | {where}: differs from the entries
tile_gap: 条目分片中间有缺 | tiles of entries are missing in between
tile_beyond: {where}：其条目不在此处 | {where}: its entries are not here
no_proof: 条目 {where} 没有证明 | entry {where} has no proof
no_entry: 证明 {where} 没有条目 | proof {where} has no entry
no_consistency: 检查点 {size} 缺少通向更新检查点的一致性证明 | no consistency proof from {size} to a newer checkpoint
quorum: 检查点 {size} 未达见证人法定数 | checkpoint {size} lacks the quorum of witnesses
no_time: 没有见证时间或心跳，无法判断时效 | no witness time or heartbeat to tell the age by
stale: 最近时间距今 {count} 秒，超过期限 | the newest time is {count} seconds old: too old
future: 最近时间超前本机时钟 {count} 秒 | the newest time is {count} seconds ahead of this clock
chain: 条目 {where}：版次或前项散列不连续 | entry {where}: rev or prev does not follow
chain_gap: 条目 {where}：此事项之前的版次不在此处 | entry {where}: earlier revisions of its subject are not here
hash: {where}：散列不符 | {where}: has another hash
size: {where}：大小不符 | {where}: has another size
not_kept: {where}：编制时即无法提供（未留存） | {where}: could not be handed over (not kept)
lost: {where}：编制时即缺失（{code}） | {where}: was missing when this was made ({code})
missing: {where}：缺失 | {where}: missing
stray: {where}：不属于约定格式，未核验 | {where}: not part of the layout, not checked
more: 同类问题还有 {count} 个 | {count} more of this kind""")
OPEN = _table("""\
rollback: 内容未被日志密钥持有者删改：没有另行保存的检查点可对照（不排除回滚） | \
that nothing was removed or replaced by a holder of the log's key: nothing to compare with (rollback not excluded)
rollback_size: 第 {size} 条之后的内容未被日志密钥持有者删改（不排除回滚） | \
that nothing after entry {size} was removed or replaced by a holder of the log's key (rollback not excluded)
rollback_time: {time} 之后的内容未被删改（不排除回滚） | that nothing after {time} was removed (rollback not excluded)
split_view: 他人所见为同一份历史：没有见证人 | that others are shown the same history: no witnesses
freshness: 资料为近期（--max-age） | that this is recent (--max-age)
later: 有关事项没有更新的条目 | that no later entry about these subjects exists
content: 条目内容、版次与附件无误（--tree-only） | what the entries hold, their subjects and blobs (--tree-only)
blobs: 条目提到的 {count} 个附件未被更改：不在此处 | that {count} blobs named by entries are unchanged: not here
drafts: 草稿填报内容 {count} 项：被替换后不留存，仅有散列 | \
what {count} drafts said: once replaced they are not kept, only their hashes
files: 其他文件属于本台账：清单未签名 | that other files belong to the ledger: the manifest is not signed
replay: 评价可由填报项重算得出 | that assessments follow from their facts
unlogged: 应记事项均已记录 | that everything that should have been recorded was
clock: 记录时间准确 | that the recorded times are right
inputs: 填报内容真实 | that what was stated is true""")
VERDICTS = _table("""\
0: 已证明：以上各项相符 | PROVEN: all of the above agrees
1: 存在矛盾：两项陈述不能同时成立 | CONTRADICTION: two things shown cannot both be true
2: 不完整或已过期：未发现矛盾，但不足以证明 | INCOMPLETE or stale: no contradiction, but not enough to prove""")


HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def escaped(text: str) -> str:
    """Spell out what would move the cursor, turn the direction of writing or cannot be written."""
    return HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class Report:
    """What was checked, what was found, and what stays open."""

    def __init__(self) -> None:
        """Start empty."""
        self.done: Counter[int] = Counter()
        self.found: dict[tuple[int, int, str], list[dict[str, object]]] = {}
        self.open: dict[str, dict[str, object]] = {}

    def add(self, check: int, worst: int, code: str, /, **figures: object) -> None:
        """Add a finding: 1 is a contradiction, 2 is something that is missing."""
        self.found.setdefault((check, worst, code), []).append(figures)

    @contextmanager
    def telling(self, check: int, where: str) -> Iterator[None]:
        """Turn a refusal into a finding about a file."""
        try:
            yield
            self.done[check] += 1
        except Refused as refused:
            code = str(refused)
            known = code if code in FINDINGS else "form"
            self.add(check, 2 if code in {"unsigned", "stray", "tile_gap"} else 1, known, where=where, code=code)

    @property
    def verdict(self) -> int:
        """Give the exit code."""
        return min((worst for _, worst, _ in self.found), default=0)

    def lines(self, language: int) -> Iterator[str]:
        """Say it: 0 in Chinese, 1 in English."""
        for check, name in CHECKS.items():
            here = {key: figures for key, figures in self.found.items() if key[0] == int(check)}
            worst = min((worst for _, worst, _ in here), default=0)
            done = self.done[int(check)]
            yield f"{check:>2} [{('ok' if done else '--', '!!', '??')[worst]}] {name[language]} ({done})"
            for (*_, code), found in here.items():
                yield from (f"        {escaped(FINDINGS[code][language].format(**one))}" for one in found[:SHOWN])
                if len(found) > SHOWN:
                    yield f"        {FINDINGS['more'][language].format(count=len(found) - SHOWN)}"
        yield VERDICTS[str(self.verdict)][language]
        yield ("未能确认：", "NOT established:")[language]
        yield from (f"  - {OPEN[code][language].format(**self.open[code])}" for code in OPEN if code in self.open)


# --- the input


class Files:
    """A folder or a zip, read and never unpacked. Raises ``Refused`` for two files of one name and encryption."""

    def __init__(self, path: Path) -> None:
        """Open it."""
        self._path = path
        self._zip = None if path.is_dir() else zipfile.ZipFile(path)
        if self._zip:
            members = [info for info in self._zip.infolist() if not info.is_dir()]
            names = [info.filename for info in members]
            refuse("twice", unless=len(set(names)) == len(names))
            refuse("encrypted", unless=not any(info.flag_bits & 1 for info in members))
        else:
            names = [found.relative_to(path).as_posix() for found in path.rglob("*") if found.is_file()]
        self.names = sorted(names)

    def open(self, name: str) -> IO[bytes]:
        """Open a file to read."""
        return self._zip.open(name) if self._zip else (self._path / name).open("rb")

    def read(self, name: str) -> bytes:
        """Read a file of a reasonable size."""
        with self.open(name) as file:
            data = file.read(LARGEST_FILE + 1)
        refuse("too_big", unless=len(data) <= LARGEST_FILE)
        return data

    def measure(self, name: str) -> tuple[str, int]:
        """Give the SHA-256 of a file of any size, and the size."""
        digest, size = hashlib.sha256(), 0
        with self.open(name) as file:
            while part := file.read(1 << 20):
                digest.update(part)
                size += len(part)
        return digest.hexdigest(), size

    def matching(self, pattern: str) -> list[tuple[str, re.Match[str]]]:
        """Give the names that match, each with its parts."""
        return [(name, match) for name in self.names if (match := re.fullmatch(pattern, name, NAMES))]


def read_lines(files: Files) -> Iterator[bytes]:
    """Read entries.ndjson: one event a line."""
    rest = b""
    with files.open("entries.ndjson") as file:
        while block := file.read(1 << 20):
            *lines, rest = (rest + block).split(b"\n")
            refuse("line", unless=max(map(len, (*lines, rest))) <= LARGEST_EVENT)
            yield from lines
    refuse("line", unless=rest == b"")


def read_bundles(files: Files) -> Iterator[bytes]:
    """Read the entry bundles of a tlog-tiles log, each in its widest form; narrower ones must be its beginning."""
    forms: dict[int, list[tuple[int, str]]] = {}
    for name, match in files.matching(TILE.replace("LEVEL", "entries")):
        forms.setdefault(tile_index(match[1]), []).append((int(match[2] or 256), name))
    for expected, (index, widths) in enumerate(sorted(forms.items())):
        width, widest = max(widths)
        data = files.read(widest)
        refuse("tile_gap", unless=index == expected and (width == 256 or index == max(forms)))  # noqa: PLR2004 - full
        ends = [0]
        for _ in range(width):
            ends.append(ends[-1] + 2 + int.from_bytes(data[ends[-1] : ends[-1] + 2], "big"))
        refuse("tile_length", unless=ends[-1] == len(data))
        refuse("tile", unless=all(files.read(name) == data[: ends[narrow]] for narrow, name in widths))
        yield from (data[start + 2 : end] for start, end in pairwise(ends))


# Six groups of digits name every tile of the largest tree.
TILE = r"tile/LEVEL/((?!x000)(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"


def tile_index(path: str) -> int:
    """Read the number of a tile from its path."""
    return int(path.replace("x", "").replace("/", ""))


# --- the examination


class Asked(NamedTuple):
    """Whom to believe, which checkpoints were brought along, and how strict to be."""

    trust: Trust
    brought: list[tuple[str, bytes]]
    max_age: int | None
    tree_only: bool
    now: float


class Examination:
    """One input, examined step by step; everything that is found goes to the report."""

    def __init__(self, files: Files, asked: Asked) -> None:
        """Take the input."""
        self.files, self.asked, self.report = files, asked, Report()
        self.judged: dict[bytes, Judged | None] = {}
        self.own: list[Judged] = []
        self.brought: list[Judged] = []
        self.roots: dict[int, bytes] = {}
        self.newest: list[Judged] = []
        self.times: list[float] = []
        self.subjects: dict[tuple[str, str], tuple[int, str | None]] = {}
        self.blobs: set[str] = set()
        self.drafts: set[str] = set()
        self.missing: dict[str, str] = {}
        self.whole: int | None = None
        self.partial = False
        self.tiles: dict[tuple[int, int], list[tuple[int, str]]] = {}

    def run(self) -> Report:
        """Take every step."""
        for step in (self._manifest, self._checkpoints, self._whole, self._singles, self._consistency):
            step()
        for step in (self._quorum, self._age, self._blobs, self._strays, self._open):
            step()
        return self.report

    def _manifest(self) -> None:
        manifest = Manifest({}, {}, {})
        if "manifest.json" in self.files.names:
            with self.report.telling(9, "manifest.json"):
                manifest = parse_manifest(self.files.read("manifest.json"))
        self.missing = manifest.missing
        for name in manifest.files:
            if name not in self.files.names:
                self.report.add(9, 2, "missing", where=name)
        for name in self.files.names if manifest.files else ():
            if name != "manifest.json":
                with self.report.telling(9, name):
                    sha256, size = self.files.measure(name)
                    refuse("hash", unless=manifest.files.get(name) == sha256)
                    refuse("size", unless=manifest.sizes.get(name, size) == size)

    def _checkpoints(self) -> None:
        for name, _ in self.files.matching(rf"checkpoint|checkpoints/.+|{PROOF}"):
            data = self.files.read(name)
            self._judge(name, data.partition(b"\n\n")[2] if name.startswith("proofs/") else data, self.own)
        for where, data in self.asked.brought:
            self._judge(where, data, self.brought)
        if not self.roots:
            self.report.add(3, 2, "no_root")

    def _judge(self, where: str, data: bytes, known: list[Judged]) -> None:
        if data not in self.judged:
            self.judged[data] = None
            with self.report.telling(4, where):
                self.judged[data] = judge(data, self.asked.trust)
        judged = self.judged[data]
        if judged and judged not in known:
            known.append(judged)
            origin, size, root = judged.checkpoint
            if not size and root != fold(()):
                self.report.add(3, 1, "root", size=size)
            if origin != (self.own or known)[0].checkpoint.origin:
                self.report.add(5, 1, "origins", where=where)
            elif self.roots.setdefault(size, root) != root:
                self.report.add(5, 1, "fork", size=size)

    def _entries(self) -> Iterator[bytes] | None:
        bundles = self.files.matching(TILE.replace("LEVEL", "entries"))
        lines = "entries.ndjson" in self.files.names
        refuse("twice", unless=not (bundles and lines))
        if bundles:
            return read_bundles(self.files)
        return read_lines(self.files) if lines else None

    def _whole(self) -> None:
        entries = self._entries()
        self._list_tiles()
        if entries is not None:
            self._hash(entries)
        for tiles in self.tiles.values():
            for _, name in tiles:
                self.report.add(2, 2, "tile_beyond", where=name)

    def _hash(self, entries: Iterable[bytes]) -> None:
        tree = Tree(self._tile)
        with self.report.telling(2, "entries"):
            self._grow(tree, entries)
        self.whole = tree.size
        for level, row in enumerate(tree.rows):
            self._tile(level, tree.size >> 8 * (level + 1), row)
        newest = max(self.roots, default=0)
        if newest < tree.size:
            self.report.add(3, 2, "uncovered", size=newest)
        if newest > tree.size:
            self.report.add(3, 2, "missing_tail", size=newest, count=tree.size)

    def _list_tiles(self) -> None:
        for name, match in self.files.matching(TILE.replace("LEVEL", "([0-9]|[1-5][0-9]|6[0-3])")):
            place = int(match[1]), tile_index(match[2])
            self.tiles.setdefault(place, []).append((int(match[3] or 256), name))

    def _grow(self, tree: Tree, entries: Iterable[bytes]) -> None:
        self._root(tree)
        ahead = sorted((size for size in self.roots if size), reverse=True)
        sha256 = hashlib.sha256
        stream = iter(entries)
        while batch := list(islice(stream, min(BATCH, ahead[-1] - tree.size) if ahead else BATCH)):
            leaves = [sha256(b"\x00" + entry).digest() for entry in batch]
            for place, entry in enumerate(() if self.asked.tree_only else batch):
                self._event(tree.size + place, entry, leaves[place])
            tree.grow(leaves)
            self._root(tree)
            if ahead and ahead[-1] == tree.size:
                ahead.pop()

    def _root(self, tree: Tree) -> None:
        if tree.size in self.roots:
            self.report.done[3] += 1
            if tree.size and tree.root() != self.roots[tree.size]:
                self.report.add(3, 1, "root", size=tree.size)

    def _tile(self, level: int, index: int, row: Sequence[bytes]) -> None:
        for width, name in self.tiles.pop((level, index), []):
            if width > len(row):
                self.report.add(2, 2, "tile_beyond", where=name)
            else:
                with self.report.telling(2, name):
                    refuse("tile", unless=self.files.read(name) == b"".join(row[:width]))

    def _event(self, index: int, entry: bytes, leaf: bytes) -> None:
        with self.report.telling(1, f"entry {index}"):
            event = parse_event(entry)
            refuse("event", unless=is_event(event))
            at = parse_moment(event["at"])
            if event["type"] == "log.heartbeat" and index < max(self.roots, default=0):
                self.times.append(at)
            if b"sha256" in entry:
                self._name(event["type"], event["data"])
            self._chain(index, event, leaf)

    def _name(self, type_: str, data: dict[str, Any]) -> None:
        named = set(named_hashes(data))
        replaced = {item for name in REPLACED if type(item := data.get(name)) is str} if type_ in DRAFTS else set()
        self.blobs |= named - replaced
        self.drafts |= named & replaced

    def _chain(self, index: int, event: dict[str, Any], leaf: bytes) -> None:
        subject = event["subject"]
        place = subject["kind"], subject["id"]
        rev, prev = self.subjects.get(place, (0, None))
        self.subjects[place] = subject["rev"], leaf.hex()
        self.report.done[8] += 1
        if self.partial and subject["rev"] > rev + 1:
            if event["type"] != "log.heartbeat":  # it stands for itself
                self.report.add(8, 2, "chain_gap", where=index)
        elif (subject["rev"], subject["prev"]) != (rev + 1, prev):
            self.report.add(8, 1, "chain", where=index)

    def _singles(self) -> None:
        self.partial = True
        entries = {int(match[1]): name for name, match in self.files.matching(ENTRY)}
        proofs = {int(match[1]): name for name, match in self.files.matching(PROOF)}
        for index in sorted(entries.keys() | proofs.keys()):
            if index not in proofs or index not in entries:
                self.report.add(3, 2, "no_entry" if index in proofs else "no_proof", where=index)
            else:
                self._single(index, self.files.read(entries[index]), proofs[index])

    def _single(self, index: int, entry: bytes, name: str) -> None:
        leaf = leaf_hash(entry)
        with self.report.telling(3, name):
            own, path, note = parse_proof(self.files.read(name))
            judged = self.judged[note]
            if judged is None:
                raise Refused("unsigned")
            refuse("proof_false", unless=own == index)
            check_inclusion(leaf, (index, judged.checkpoint.size), path, judged.checkpoint.root)
        if self.whole is None and not self.asked.tree_only:
            self._event(index, entry, leaf)

    def _consistency(self) -> None:
        sizes = sorted(size for size in self.roots if size)
        covered = self.whole or 0
        leads_on = {old for old, new in pairwise(sizes) if new <= covered}
        own, brought = ({judged.checkpoint.size for judged in known} for known in (self.own, self.brought))
        self.report.done[5] += len(leads_on) + len(own & brought)
        for name, match in self.files.matching(CONSISTENCY):
            with self.report.telling(5, name):
                old, new = parse_number(match[1]), parse_number(match[2])
                refuse("stray", unless=old in self.roots and new in self.roots and old < new)
                lines = self.files.read(name).decode("ascii", "replace").split("\n")
                refuse("line", unless=lines.pop() == "")
                proof = [parse_base64(line, 32) for line in lines]
                check_consistency((old, self.roots[old]), (new, self.roots[new]), proof)
                leads_on.add(old)
        for size in sizes[:-1]:
            if size not in leads_on:
                self.report.add(5, 2, "no_consistency", size=size)

    def _quorum(self) -> None:
        own = self.own or self.brought
        newest = max((one.checkpoint for one in own), key=lambda one: one.size, default=None)
        self.newest = [one for one in self.own + self.brought if one.checkpoint == newest]
        self.times += (at for judged in own + self.newest for at in judged.times.values())
        if self.asked.trust.quorum == "none":
            self.report.open["split_view"] = {}
        elif any(judged.quorum for judged in self.newest):
            self.report.done[6] += 1
        else:
            self.report.add(6, 2, "quorum", size=max(self.roots, default=0))

    def _age(self) -> None:
        if self.asked.max_age is None:
            self.report.open["freshness"] = {}
        elif not self.times:
            self.report.add(7, 2, "no_time")
        else:
            age = int(self.asked.now - max(self.times))
            self.report.done[7] += 1
            if age > self.asked.max_age:
                self.report.add(7, 2, "stale", count=age)
            if -age > AHEAD:
                self.report.add(7, 2, "future", count=-age)

    def _blobs(self) -> None:
        given = {match[1]: name for name, match in self.files.matching(BLOB)}
        for sha256, name in given.items():
            with self.report.telling(9, name):
                refuse("hash", unless=self.files.measure(name)[0] == sha256)
        for name, code in self.missing.items():
            is_named = self.asked.tree_only or name.removeprefix("blobs/") in self.blobs | self.drafts
            found = "not_kept" if code == "not_kept" else "lost"
            self.report.add(9, 2, found if is_named else "stray", where=name, code=code)
        absent = sorted({f"blobs/{sha256}" for sha256 in self.blobs - given.keys()} - self.missing.keys())
        if given or self.missing:
            for name in absent:
                self.report.add(9, 2, "missing", where=name)
            self._open_drafts(len(self.drafts - self.blobs - given.keys()))
        elif absent:
            self.report.open["blobs"] = {"count": len(absent)}

    def _open_drafts(self, count: int) -> None:
        if count:
            self.report.open["drafts"] = {"count": count}

    def _strays(self) -> None:
        tile = TILE.replace("LEVEL", "(?:entries|[0-9]|[1-5][0-9]|6[0-3])")
        known = f"{ENTRY}|{PROOF}|{CONSISTENCY}|{BLOB}|{tile}|checkpoints/.+"
        for name, _ in self.files.matching("(?:entries|proofs|consistency|blobs|tile|checkpoints)/.*"):
            if re.fullmatch(known, name, NAMES) is None:
                self.report.add(9, 2, "stray", where=name)
        if not self.report.done[3] and not self.report.done[5]:
            self.report.add(3, 2, "no_entries")

    def _open(self) -> None:
        always: list[str] = ["replay", "unlogged", "clock", "inputs"]
        always += ["later"] if self.whole is None else []
        always += ["content"] if self.asked.tree_only else []
        always += ["files"] if "manifest.json" in self.files.names else []
        self.report.open |= {code: {} for code in always}
        if self.report.done[6]:
            at = min(at for judged in self.newest if judged.quorum for at in judged.times.values())
            self.report.open["rollback_time"] = {"time": datetime.fromtimestamp(min(at, LAST_SECOND), UTC).isoformat()}
        elif self.brought:
            self.report.open["rollback_size"] = {"size": max(judged.checkpoint.size for judged in self.brought)}
        else:
            self.report.open["rollback"] = {}


ENTRY = r"entries/(0|[1-9][0-9]{0,18})\.json"
PROOF = r"proofs/(0|[1-9][0-9]{0,18})\.tlog-proof"
CONSISTENCY = r"consistency/([0-9]+)-([0-9]+)"
BLOB = r"blobs/([0-9a-f]{64})"
DRAFTS = {"application.created", "application.facts_replaced", "application.renamed"}  # what may be replaced later
REPLACED = ("facts_sha256", "header_sha256")  # and is not kept then
NO_FILES = {  # hashes of what is told nowhere
    "credit_code_sha256",
    "hash_sha256",
    "previous_secret_sha256",
    "secret_sha256",
    "url_sha256",
}
LOST = {"missing", "size", "content", "not_kept"}  # why something could not be handed over


def parse_manifest(data: bytes) -> Manifest:
    """Read what is said of the files. Raises ``Refused``."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        refuse("manifest", unless=len(dict(pairs)) == len(pairs))
        return dict(pairs)

    try:
        value = json.loads(data.decode(), object_pairs_hook=once)
        files, sizes, missing = value["files"], value.get("sizes", {}), value.get("missing", {})
        refuse("manifest", unless={dict} == set(map(type, (value, files, sizes, missing))))
        refuse("manifest", unless=value.keys() <= {"files", "format", "sizes", "missing"})
        refuse("manifest", unless=value["format"] == "sluice-bundle/1" and files and "manifest.json" not in files)
        refuse("manifest", unless=all(map(HASH.fullmatch, files.values())))
        refuse("manifest", unless=sizes.keys() == files.keys() if sizes else "sizes" not in value)
        refuse("manifest", unless=all(type(size) is int for size in sizes.values()))
        refuse("manifest", unless=set(missing.values()) <= LOST and not missing.keys() & files.keys())
        refuse("manifest", unless=all(re.fullmatch(BLOB, name) for name in missing))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Refused("manifest") from error
    return Manifest(files, sizes, missing)


def is_event(event: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    """Tell whether a value has the members of an event and no others, each of its kind."""
    match event:
        case {
            "actor": {"ref": str(), "roles": list(roles), **more},
            "at": str(),
            "data": dict(),
            "id": str(),
            "request": None | str(),
            "subject": {"kind": str(), "id": str(), "rev": int(rev), "prev": prev, **others},
            "type": str(type_),
            "v": int(version),
            **rest,
        }:
            first = rev == 1 and prev is None
            later = rev > 1 and isinstance(prev, str) and HASH.fullmatch(prev)
            plain = {type(rev), type(version)} == {int} and version == 1 and set(map(type, roles)) <= {str}
            return bool((first or later) and plain and TYPE.fullmatch(type_)) and not (more or others or rest)
    return False


def parse_moment(text: str) -> float:
    """Read the time of an event, as seconds since 1970. Raises ``Refused``."""
    refuse("event", unless=MOMENT.fullmatch(text))
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        raise Refused("event") from error


def named_hashes(value: object, key: str = "") -> Iterator[str]:
    """Give the SHA-256 of everything an event names: ``sha256:…``, or a member whose name ends in sha256."""
    if isinstance(value, dict | list):
        for name, item in value.items() if isinstance(value, dict) else ((key, item) for item in value):
            yield from named_hashes(item, name)
    elif isinstance(value, str) and key not in NO_FILES and (key.endswith("sha256") or value.startswith("sha256:")):
        yield from HASH.findall(value.removeprefix("sha256:"))


# --- the command


class Parser(argparse.ArgumentParser):
    """Leaves with 3, as 2 means something else here."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command."""
        self.exit(3, f"{self.format_usage()}{message}\n")


def trust_of(keys: list[str], policy: str | None) -> Trust:
    """Take a policy file, or make one of keys: any of the logs, all of the witnesses."""
    if policy is not None:
        return parse_policy(Path(policy).read_bytes())
    kinds = [(parse_key(key).kind, key) for key in keys]
    witnesses = [f"witness w{place} {key}" for place, (kind, key) in enumerate(kinds) if kind != 1]
    names = " ".join(line.split()[1] for line in witnesses)
    lines = [f"log {key}" for kind, key in kinds if kind == 1] + witnesses
    lines += [f"group all-of-them all {names}", "quorum all-of-them"] if witnesses else ["quorum none"]
    return parse_policy("".join(f"{line}\n" for line in lines).encode())


def command() -> Parser:
    """Make what reads the command."""
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--policy")
    parser.add_argument("--checkpoint", action="append", default=[])
    parser.add_argument("--max-age", type=int)
    parser.add_argument("--tree-only", action="store_true")
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    return parser


def main(arguments: Sequence[str], now: float, out: Callable[[str], object]) -> int:
    """Run the command and give its exit code."""
    parser = command()
    asked = parser.parse_args(arguments)
    if bool(asked.key) == bool(asked.policy):
        parser.error("whom do you trust? give --key (one or more) or --policy")
    try:
        trust = trust_of(asked.key, asked.policy)
        brought = [(name, Path(name).read_bytes()) for name in asked.checkpoint]
        files = Files(asked.bundle)
        report = Examination(files, Asked(trust, brought, asked.max_age, asked.tree_only, now)).run()
        said = list(report.lines(("zh", "en").index(asked.language)))
    except Exception as error:  # noqa: BLE001 - a file that cannot be examined must not look like evidence, code 1
        because = escaped(f"{asked.bundle}: {type(error).__name__}: {error}")
        parser.exit(3, f"could not be examined: {because}\n")
    for line in said:
        out(f"{line}\n")
    return report.verdict


if __name__ == "__main__":
    with open(
        sys.stdout.fileno(), "w", encoding="utf-8", errors="backslashreplace", closefd=False
    ) as console:  # whatever the console speaks
        sys.exit(main(sys.argv[1:], time.time(), console.write))
