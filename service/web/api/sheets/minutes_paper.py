"""The minutes as they are printed and filed."""

from collections.abc import Iterator, Mapping
from typing import cast

from service.core.cases.conditions import Condition
from service.core.cases.minutes import Ballot, Named, Resolved, Said, SeatTaken, Standing, Stepped
from service.core.cases.seats import Because, Choice
from service.core.rules.model import Outcome
from service.core.values import Json
from service.web.api.sheets.minutes import ToldItem, ToldMinutes
from service.web.api.sheets.saying import Saying
from service.web.printing.documents import document
from service.web.printing.pages import page
from service.web.printing.paper import Block, Column, Heading, Listing, Paper, Sentence, Style, Table, Terms
from service.web.views import Shown


def print_page(minutes: ToldMinutes, spoken: str) -> Shown:
    """Write the minutes as a page, A4."""
    del spoken
    return page(paper(minutes))


def file(minutes: ToldMinutes, spoken: str) -> Shown:
    """Write the minutes as a document."""
    del spoken
    return document(paper(minutes))


def paper(minutes: ToldMinutes) -> Paper:
    """Lay the minutes out."""
    saying, meeting = minutes.saying, minutes.of.meeting
    return Paper(
        language=saying.language,
        title=saying.say("minutes_title", title=meeting.title),
        blocks=tuple(_blocks(minutes)),
        mark=saying.words["draft"] if minutes.of.is_draft else None,
        dated=meeting.held_at,
    )


def _blocks(minutes: ToldMinutes) -> Iterator[Block]:
    saying = minutes.saying
    yield Terms(tuple(_head(minutes)))
    yield Heading(saying.words["attendance"])
    seats = (*minutes.of.seats.present, *minutes.of.seats.absent)
    yield Table(
        _columns(saying, ("seat", 30), ("office", 25), ("vote_right", 15), ("there", 30)),
        tuple(_seat(saying, seat) for seat in seats),
        saying.words["no_seats"],
    )
    yield Heading(saying.words["items"])
    if not minutes.items:
        yield Sentence(saying.words["no_items"])
    for item in minutes.items:
        yield from _item(saying, item)
    yield Sentence(_checkpoint(minutes), Style.NOTE)
    yield Sentence(saying.words["minutes_signed"], Style.SIGNED)


def _head(minutes: ToldMinutes) -> Iterator[tuple[str, str]]:
    saying, meeting = minutes.saying, minutes.of.meeting
    yield saying.words["held_at"], saying.moment(meeting.held_at)
    yield saying.words["place"], saying.text(meeting.place)
    yield saying.words["called_by"], minutes.of.called_by.name
    yield saying.words["opened_at"], saying.moment(meeting.opened_at)
    yield saying.words["closed_at"], saying.moment(meeting.closed_at)
    yield saying.words["bylaws_of"], saying.text(minutes.bylaws_of)


def _seat(saying: Saying, seat: SeatTaken) -> tuple[str, ...]:
    deputy, there = seat.deputy, "present" if seat.present else "absent"
    said = saying.words[there] if deputy is None else saying.say("present_deputy", name=deputy.name)
    office = saying.words["office_chair" if seat.chair else "office_member"]
    return (seat.person.name, office, saying.words["yes" if seat.voting else "no"], said)


def _item(saying: Saying, item: ToldItem) -> Iterator[Block]:
    of = item.of
    yield Heading(saying.say("item_title", n=of.n, number=of.number, applicant=of.applicant), 3)
    yield Terms(tuple(_pinned(saying, item)))
    if of.opinions:
        yield Table(
            _columns(saying, ("department", 20), ("stance", 18), ("because", 40), ("given", 22)),
            tuple(_said(saying, said) for said in of.opinions),
            "",
        )
    if of.recusals:
        yield Sentence(saying.say("recused", names=saying.joined([_stepped(saying, one) for one in of.recusals])))
    if of.decision is not None:
        yield from decided(saying, item, of.decision)
    elif of.state == "carried_over":
        yield Sentence(saying.say("carried_over", because=saying.text(of.carried_because)))
    else:
        yield Sentence(saying.words[f"not_decided_{of.state}"])


def _pinned(saying: Saying, item: ToldItem) -> Iterator[tuple[str, str]]:
    yield saying.words["project"], item.of.project
    yield saying.words["version"], saying.say("version_of", n=item.of.of_version, edition=item.edition)
    yield saying.words["declared"], _standing(saying, item.of.declared)
    yield saying.words["verified"], _standing(saying, item.of.verified)
    if item.waived:
        yield saying.words["waived"], saying.joined([gate.label for gate in item.waived])


def _standing(saying: Saying, found: Standing) -> str:
    outcome = saying.words[f"outcome_{found.outcome}"]
    return saying.say("standing", outcome=outcome, total=saying.figure(found.total))


def _said(saying: Saying, said: Said) -> tuple[str, ...]:
    because = "\n".join([*filter(None, [said.reason]), *said.conditions])
    when = saying.day(said.given_on) if said.given_on else saying.say("asked_until", day=saying.day(said.due_on))
    by = None if said.given_by is None else said.given_by.name
    given = filter(None, [when, by, saying.words["late"] if said.late else None])
    return (said.department, saying.words[f"stance_{said.stance or 'asked'}"], saying.text(because), "\n".join(given))


def _stepped(saying: Saying, one: Stepped) -> str:
    kind = saying.words[f"recusal_{one.kind}"]
    return saying.say("recused_one", name=_seated(saying, one.person, one.deputy), kind=kind)


def _seated(saying: Saying, person: Named, deputy: Named | None) -> str:
    if deputy is None or deputy.id == person.id:
        return person.name
    return saying.say("by_deputy", name=person.name, deputy=deputy.name)


def decided(saying: Saying, item: ToldItem, found: Resolved) -> Iterator[Block]:
    """Lay out what was decided on an item: votes, count, outcome, conditions, dissent."""
    yield Table(
        _columns(saying, ("seat", 35), ("vote", 20), ("reason", 45)),
        tuple(_ballot(saying, ballot) for ballot in item.of.ballots or ()),
        saying.words["no_votes"],
    )
    yield Sentence(_tally(saying, item, found))
    yield Sentence(saying.say("decided", outcome=saying.words[f"outcome_{found.outcome}"]), Style.LEAD)
    if found.override:
        yield Sentence(saying.say("overridden", assessed=saying.words[f"outcome_{found.assessed}"]))
    if found.reason is not None:
        yield Sentence(saying.say("decided_because", reason=found.reason))
    if found.conditions:
        yield Sentence(saying.words["conditions"])
        yield Listing(tuple(_condition(saying, one) for one in found.conditions))
    if found.dissent:
        yield Sentence(saying.words["dissent"])
        yield Listing(tuple(_dissent(saying, one) for one in found.dissent))
    yield Sentence(
        saying.say("decided_by", name=found.decided_by.name, moment=saying.moment(found.decided_at)), Style.NOTE
    )


def _ballot(saying: Saying, ballot: Ballot) -> tuple[str, ...]:
    choice = saying.words[f"vote_{ballot.choice}"]
    said = choice if ballot.counts else saying.say("vote_void", choice=choice)
    return (_seated(saying, ballot.person, ballot.cast_by), said, saying.text(ballot.reason))


def _tally(saying: Saying, item: ToldItem, found: Resolved) -> str:
    tally = found.tally
    quorum, counts = _table(tally["quorum"]), _table(tally["counts"])
    votes = counted(saying, counts)
    others = saying.say("others", silent=tally["silent"], absent=tally["absent"], recused=tally["recused"])
    rules = saying.joined([rule.text for rule in item.rules])
    return saying.say("tally", **quorum, votes=votes, others=others, because=_because(saying, found), rules=rules)


def _because(saying: Saying, found: Resolved) -> str:
    """Say what the outcome rests on; of the share that is needed, what reached it."""
    because = f"{found.tally['because']}"
    if because != Because.MAJORITY:
        return saying.words[f"because_{because}"]
    code = "tally_no_better" if found.outcome == Outcome.REJECT else "tally_reached"
    return saying.say(code, outcome=saying.words[f"outcome_{found.outcome}"])


def counted(saying: Saying, counts: Mapping[str, Json]) -> str:
    """Say how many voted how."""
    return saying.joined(
        [saying.say("count", choice=saying.words[f"vote_{choice}"], count=counts[choice]) for choice in Choice]
    )


def _condition(saying: Saying, one: Condition) -> str:
    due = saying.day(one.due_on) if one.due is None else saying.known(f"due_{one.due}", one.due)
    return saying.say("condition", text=one.text, owner=one.owner, due=due, evidence=one.evidence)


def _dissent(saying: Saying, one: Ballot) -> str:
    name, choice = _seated(saying, one.person, one.cast_by), saying.words[f"vote_{one.choice}"]
    if not one.reason:
        return saying.say("dissent_plain", name=name, choice=choice)
    return saying.say("dissent_one", name=name, choice=choice, reason=one.reason)


def _checkpoint(minutes: ToldMinutes) -> str:
    saying, found = minutes.saying, minutes.of.checkpoint
    if found is None:
        return saying.words["no_checkpoint"]
    return saying.say("checkpoint", size=found.size, root=found.root)


def _columns(saying: Saying, *given: tuple[str, int]) -> tuple[Column, ...]:
    return tuple(Column(saying.words[f"column_{name}"], width) for name, width in given)


def _table(value: Json) -> dict[str, Json]:
    return cast("dict[str, Json]", value)
