"""The scores sheet as it is printed, and as a workbook."""

from collections.abc import Iterator
from decimal import Decimal

from service.core.cases.ranking import Stances
from service.core.portfolio import HighTech, Portfolio
from service.core.rules.assessment import GateState
from service.web.api.sheets.saying import Saying
from service.web.api.sheets.scores import Assessed, Away, OpenGate, ToldLine, ToldSheet
from service.web.printing.pages import page
from service.web.printing.paper import Block, Column, Heading, Paper, Sentence, Style, Table, Terms
from service.web.printing.workbooks import Book, Field, Leaf, Value, workbook
from service.web.views import Shown

_SCORE = "0.00"
_WIDTHS = (4, 16, 8, 10, 15, 21, 10, 9, 7)


def print_page(sheet: ToldSheet, spoken: str) -> Shown:
    """Write the sheet as a page, A4 across."""
    del spoken
    return page(paper(sheet))


def paper(sheet: ToldSheet) -> Paper:
    """Lay the sheet out."""
    saying = sheet.saying
    return Paper(
        language=saying.language,
        title=saying.say("scores_title", title=sheet.meeting.title),
        blocks=tuple(_blocks(sheet)),
        landscape=True,
        dated=sheet.meeting.held_at,
    )


def book(sheet: ToldSheet, spoken: str) -> Shown:
    """Write the sheet as a workbook: a line a case, and the summary."""
    saying, words = sheet.saying, sheet.saying.words
    leaves = (
        Leaf(words["scores_leaf"], tuple(_fields(sheet)), tuple(_row(sheet, line) for line in sheet.items), 3),
        Leaf(words["summary_leaf"], (Field(words["what"], 44), Field(words["value"], 24)), _sums(sheet)),
    )
    title = saying.say("scores_title", title=sheet.meeting.title)
    return workbook(Book(spoken, title, leaves, sheet.meeting.held_at))


def _blocks(sheet: ToldSheet) -> Iterator[Block]:
    saying, meeting = sheet.saying, sheet.meeting
    yield Terms(
        (
            (saying.words["held_at"], saying.moment(meeting.held_at)),
            (saying.words["place"], saying.text(meeting.place)),
            (saying.words["on"], saying.day(sheet.on)),
            (saying.words["summary_count"], str(sheet.summary.count)),
        )
    )
    titles = tuple(saying.words[f"column_{name}"] for name in _COLUMNS)
    columns = tuple(Column(title, width) for title, width in zip(titles, _WIDTHS, strict=True))
    rows = tuple(_printed(sheet, line) for line in sheet.items)
    yield Table(columns, rows, saying.words["no_items"])
    yield Heading(saying.words["summary"])
    yield Terms(tuple((f"{name}", _text(saying, value)) for name, value in _sums(sheet)))
    yield Sentence(saying.words["scores_note"], Style.NOTE)


_COLUMNS = ("rank", "case", "category", "outcome", "scores", "gates", "margins", "unknown", "opinions")


def _printed(sheet: ToldSheet, line: ToldLine) -> tuple[str, ...]:
    saying = sheet.saying
    return (
        str(line.rank),
        f"{line.number}\n{line.applicant_name}\n{line.project_name}",
        category_said(saying, line),
        _outcomes(saying, line),
        "\n".join(_scores(saying, line)),
        "\n".join(_gates(saying, line)) or saying.words["none"],
        "\n".join(margins_said(saying, line)) or saying.words["none"],
        "\n".join(saying.say("missed", label=one.label, weight=saying.plain(one.weight)) for one in line.unknown_facts)
        or saying.words["none"],
        opinions_said(saying, line.opinions),
    )


def category_said(saying: Saying, line: ToldLine) -> str:
    """Say the depth of review."""
    label = saying.text(line.category.label)
    return saying.say("provisional", label=label) if line.category.provisional else label


def _outcomes(saying: Saying, line: ToldLine) -> str:
    declared, verified = (saying.words[f"outcome_{one.outcome}"] for one in (line.declared, line.verified))
    return saying.say("declared_verified", declared=declared, verified=verified)


def _scores(saying: Saying, line: ToldLine) -> Iterator[str]:
    total = (saying.figure(line.declared.total), saying.figure(line.verified.total))
    yield saying.say("score_line", label=saying.words["total"], declared=total[0], verified=total[1])
    declared = _by_id(line.declared)
    for one in line.verified.dimensions:
        then = saying.figure(declared.get(one.id))
        yield saying.say("score_line", label=one.label, declared=then, verified=saying.figure(one.score))


def _by_id(assessed: Assessed) -> dict[str, Decimal | None]:
    return {one.id: one.score for one in assessed.dimensions}


def _gates(saying: Saying, line: ToldLine) -> Iterator[str]:
    """Say which gates failed, then which are not settled."""
    for state in (GateState.FAIL, GateState.UNKNOWN):
        found = [_gate(saying, gate) for gate in line.gates if gate.state == state.value]
        if found:
            yield saying.say("gates_line", state=saying.words[f"gate_{state}"], gates=saying.joined(found))


def _gate(saying: Saying, gate: OpenGate) -> str:
    waived = saying.words["gate_waived"] if gate.waived else ""
    return saying.say("gate_line", label=gate.label, level=saying.words[f"level_{gate.level}"], waived=waived)


def margins_said(saying: Saying, line: ToldLine) -> Iterator[str]:
    """Say how far a case is from a better and from a worse outcome."""
    if line.to_better is not None:
        yield _away(saying, "to_better", line.to_better)
    if line.to_worse is not None:
        yield _away(saying, "to_worse", line.to_worse)


def _away(saying: Saying, code: str, away: Away) -> str:
    outcome = saying.words[f"outcome_{away.outcome}"]
    return saying.say(code, outcome=outcome, label=away.label, points=saying.plain(away.points))


def opinions_said(saying: Saying, stances: Stances) -> str:
    """Say how many departments say what; a dash for none."""
    counts = (
        ("support", stances.support),
        ("with_conditions", stances.with_conditions),
        ("oppose", stances.oppose),
        ("awaited", stances.awaited),
        ("late", stances.late),
    )
    return (
        "\n".join(saying.say(f"opinions_{name}", count=count) for name, count in counts if count)
        or saying.words["none"]
    )


def _sums(sheet: ToldSheet) -> tuple[tuple[str, Value], ...]:
    """Say what holds for all cases together."""
    saying, summary = sheet.saying, sheet.summary
    found: list[tuple[str, Value]] = [(saying.words["summary_count"], summary.count)]
    for outcome, count in summary.outcomes.items():
        found.append((saying.say("summary_outcome", outcome=saying.words[f"outcome_{outcome}"]), count))
    found.append((saying.words["mean_declared"], summary.mean_declared))
    found.append((saying.words["mean_verified"], summary.mean_verified))
    return (*found, *(_portfolio(saying, sheet.portfolio) if summary.count else ()))


def _portfolio(saying: Saying, found: Portfolio | None) -> Iterator[tuple[str, Value]]:
    if found is None:
        yield saying.words["portfolio"], saying.words["portfolio_untold"]
        return
    for name, share in (("if_all", found.if_all), ("supported", found.supported)):
        yield saying.words[f"portfolio_{name}"], share_said(saying, share)
    for one in found.clusters:
        cluster = cluster_said(saying, one.cluster)
        yield (
            saying.say("portfolio_cluster", cluster=cluster),
            saying.say("cluster_count", count=one.count, supported=one.supported),
        )


def cluster_said(saying: Saying, cluster: str | None) -> str:
    """Say a cluster, or that it is unknown."""
    return saying.words["cluster_unknown"] if cluster is None else saying.known(f"cluster_{cluster}", cluster)


def share_said(saying: Saying, share: HighTech) -> str:
    """Say a high-tech share, as a range where something is unknown; a dash where there is no case."""
    if share.lowest is None or share.highest is None:
        return saying.words["none"]
    lowest, highest = saying.plain(share.lowest), saying.plain(share.highest)
    code = "share" if share.lowest == share.highest else "share_between"
    return saying.say(code, lowest=lowest, highest=highest, yes=share.yes, count=share.count, unknown=share.unknown)


def _text(saying: Saying, value: Value) -> str:
    if isinstance(value, Decimal):
        return saying.figure(value)
    return saying.words["none"] if value is None else str(value)


def _fields(sheet: ToldSheet) -> Iterator[Field]:
    words = sheet.saying.words
    yield from (Field(words["column_rank"], 6), Field(words["number"], 13), Field(words["applicant"], 30))
    yield from (Field(words["project"], 30), Field(words["column_category"], 16))
    for kind in ("declared", "verified"):
        yield Field(words[f"outcome_{kind}"], 14)
        for label in sheet.dimensions.values():
            yield Field(sheet.saying.say(f"figure_{kind}", label=label), 12, _SCORE)
        yield Field(sheet.saying.say(f"figure_{kind}", label=words["total"]), 12, _SCORE)
    yield from (Field(words["column_gates"], 40), Field(words["better_points"], 12, _SCORE))
    yield from (Field(words["worse_points"], 12, _SCORE), Field(words["column_unknown"], 30))
    for name in ("support", "with_conditions", "oppose", "awaited", "late"):
        yield Field(words[f"count_{name}"], 8)


def _row(sheet: ToldSheet, line: ToldLine) -> tuple[Value, ...]:
    saying, stances = sheet.saying, line.opinions
    unknown = [saying.say("missed", label=one.label, weight=saying.plain(one.weight)) for one in line.unknown_facts]
    return (
        line.rank,
        line.number,
        line.applicant_name,
        line.project_name,
        category_said(saying, line),
        *_assessed(sheet, line.declared),
        *_assessed(sheet, line.verified),
        "\n".join(_gates(saying, line)),
        None if line.to_better is None else line.to_better.points,
        None if line.to_worse is None else line.to_worse.points,
        "\n".join(unknown),
        *(stances.support, stances.with_conditions, stances.oppose, stances.awaited, stances.late),
    )


def _assessed(sheet: ToldSheet, assessed: Assessed) -> tuple[Value, ...]:
    scores = _by_id(assessed)
    outcome = sheet.saying.words[f"outcome_{assessed.outcome}"]
    return (outcome, *(scores.get(name) for name in sheet.dimensions), assessed.total)
