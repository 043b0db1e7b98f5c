"""What the cases of a meeting make of the zone: the high-tech share now, with each case, with all, and the clusters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from markupsafe import Markup

from service.core.portfolio import HighTech, Portfolio
from service.core.values import number_text
from service.web.api.sheets.scores import ToldLine
from service.web.api.sheets.scores_paper import cluster_said, share_said
from service.web.ui.charts import Limit, Told
from service.web.ui.charts.bars import Bar, bars
from service.web.ui.voice import Voice

_DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Share:
    """A high-tech share: of what, how much, and how it stands to the target."""

    label: str
    text: str
    target: str
    of: HighTech


@dataclass(frozen=True, slots=True)
class Cluster:
    """How many cases belong to a cluster, and how many of them are supported."""

    label: str
    count: int
    supported: int


@dataclass(frozen=True, slots=True)
class Effects:
    """The cases as a whole, drawn and in words. ``target`` says what share is wanted, or that none is."""

    drawn: Markup
    shares: tuple[Share, ...]
    clusters: tuple[Cluster, ...]
    target: str


def effects(found: Portfolio, lines: Sequence[ToldLine], voice: Voice) -> Effects:
    """Say what the cases make of the zone; ``lines`` are those of the sheet."""
    shares = tuple(_shares(found, lines, voice))
    target = found.if_all.target
    return Effects(
        drawn=_drawn(shares, target, voice),
        shares=shares,
        clusters=tuple(Cluster(cluster_said(voice, one.cluster), one.count, one.supported) for one in found.clusters),
        target=voice.say("room.target_none") if target is None else voice.say("room.target", share=number_text(target)),
    )


def _with_each(found: Portfolio, lines: Sequence[ToldLine]) -> Mapping[int, HighTech]:
    """Give the share with each case that is not decided, by the number of its item."""
    by_number = dict(zip(sorted(line.n for line in lines), found.with_each, strict=True))
    return {line.n: by_number[line.n] for line in lines if line.state != _DECIDED}


def _shares(found: Portfolio, lines: Sequence[ToldLine], voice: Voice) -> Iterator[Share]:
    yield _share(voice.say("room.share_now", count=found.supported.count), found.supported, voice)
    with_one = _with_each(found, lines)
    for line in lines:
        if line.n in with_one:
            yield _share(voice.say("room.share_with", n=line.n, applicant=line.applicant_name), with_one[line.n], voice)
    yield _share(voice.say("room.share_all", count=found.if_all.count), found.if_all, voice)


def _share(label: str, of: HighTech, voice: Voice) -> Share:
    reached = {True: "reached", False: "missed", None: "open"}[of.reaches]
    told = voice.words["none"] if of.target is None or of.lowest is None else voice.say(f"room.target_{reached}")
    return Share(label, share_said(voice, of), told, of)


def _drawn(shares: Sequence[Share], target: Decimal | None, voice: Voice) -> Markup:
    limits = () if target is None else (Limit(voice.say("room.target", share=number_text(target)), target),)
    said = voice.joined([f"{one.label} {one.text}" for one in shares])
    told = Told(
        id="chart-high-tech",
        title=voice.say("room.high_tech"),
        description=said,
        table=voice.say("chart.table"),
        columns=(voice.say("what"), voice.say("room.high_tech"), voice.say("room.column_target")),
        rows=tuple((one.label, one.text, one.target) for one in shares),
    )
    return bars(told, [_bar(one, voice) for one in shares], limits)


def _bar(share: Share, voice: Voice) -> Bar:
    lowest, highest = share.of.lowest, share.of.highest
    if lowest is None or highest is None:
        return Bar(share.label, None, text=voice.words["none"])
    if lowest == highest:
        return Bar(share.label, lowest, text=f"{number_text(lowest)}%")
    between = (Fraction(lowest), Fraction(highest))
    return Bar(share.label, lowest, between=between, text=f"{number_text(lowest)}%–{number_text(highest)}%")
