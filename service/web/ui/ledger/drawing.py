"""The way from an entry to the root, drawn: the entry below, the root above, what stands beside it at either side."""

from collections.abc import Iterator, Sequence
from typing import Final

from markupsafe import Markup

from service.core.ledger.paths import Step
from service.web.ui.charts.svg import element, points
from service.web.ui.voice import Voice

_WIDTH: Final = 360
_MIDDLE: Final = 180
_LEFT: Final = 62
_RIGHT: Final = 298
_ROW: Final = 58
_BOX: Final = (108, 34)
_SHOWN: Final = 8
_ID: Final = "path"


def path(leaf: bytes, index: int, steps: Sequence[Step], voice: Voice) -> Markup:
    """Draw every step of a proof, each hash with its first digits and the entries under it."""
    height = _ROW * (len(steps) + 1)
    title = element("title", voice.say("ledger.path.title", index=index), id=f"{_ID}-title")
    described = voice.say("ledger.path.desc", count=len(steps), leaf=_short(leaf), root=_short(_root(leaf, steps)))
    return element(
        "svg",
        title,
        element("desc", described, id=f"{_ID}-desc"),
        *_drawn(leaf, index, steps, voice),
        class_="plot path",
        role="img",
        aria_labelledby=f"{_ID}-title {_ID}-desc",
        viewBox=f"0 0 {_WIDTH} {height}",
    )


def _root(leaf: bytes, steps: Sequence[Step]) -> bytes:
    return steps[-1].parent if steps else leaf


def _drawn(leaf: bytes, index: int, steps: Sequence[Step], voice: Voice) -> Iterator[Markup]:
    """Draw lines before boxes, which stand on them."""
    bottom = _ROW * len(steps) + _ROW // 2
    for number, step in enumerate(steps):
        y = bottom - _ROW * number
        aside = _LEFT if step.is_left else _RIGHT
        yield element("polyline", class_="way", points=points((_MIDDLE, y), (_MIDDLE, y - _ROW)))
        between = y - _ROW // 2
        yield element("polyline", class_="joins", points=points((aside, y), (aside, between), (_MIDDLE, between)))
    yield from _box("own", _MIDDLE, bottom, (voice.say("ledger.path.entry", index=index), _short(leaf)))
    for number, step in enumerate(steps):
        y = bottom - _ROW * number
        yield from _box("beside", _LEFT if step.is_left else _RIGHT, y, (_under(step.beside), _short(step.sibling)))
        is_root = number == len(steps) - 1
        label = voice.say("ledger.path.root") if is_root else _under(step.spans)
        yield from _box("root" if is_root else "computed", _MIDDLE, y - _ROW, (label, _short(step.parent)))


def _box(kind: str, x: int, y: int, lines: tuple[str, str]) -> Iterator[Markup]:
    width, height = _BOX
    yield element("rect", class_=f"node {kind}", x=x - width // 2, y=y - height // 2, width=width, height=height)
    yield element("text", lines[0], x=x, y=y - 3, text_anchor="middle")
    yield element("text", lines[1], class_="hash", x=x, y=y + 11, text_anchor="middle")


def _under(span: tuple[int, int]) -> str:
    """Name entries by their numbers: one, or from the first to the last."""
    first, end = span
    return str(first) if end == first + 1 else f"{first}–{end - 1}"


def _short(hash_: bytes) -> str:
    return f"{hash_.hex()[:_SHOWN]}…"
