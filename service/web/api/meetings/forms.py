"""What comes in about meetings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from service.actions.meetings import NewMeeting, NewSeat, Query, Ruling
from service.actions.meetings.call import LONGEST_TITLE
from service.core.cases import seats
from service.core.cases.conditions import LONGEST_LINE, MOST_CONDITIONS, NewCondition
from service.web.forms import Choice, Day, Flag, Form, Identifier, Listing, Moment, Records, Text
from service.web.paged import Cursor, PageLimit
from service.web.texts import due_prose, line


@dataclass(frozen=True, slots=True)
class Seats:
    """Seats that take the place of all the old ones."""

    seats: list[NewSeat]


@dataclass(frozen=True, slots=True)
class Tabled:
    """The case that is put on the agenda."""

    application: UUID | None


@dataclass(frozen=True, slots=True)
class Present:
    """Who is there when a meeting is opened; None where it cannot be read."""

    present: list[UUID] | None


@dataclass(frozen=True, slots=True)
class Recused:
    """Who is to have no part in an item; None for whoever asks."""

    person: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote; None where it cannot be read."""

    choice: seats.Choice | None
    reason: str


@dataclass(frozen=True, slots=True)
class Because:
    """A reason that may not be due."""

    reason: str


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


_WHY = _said("理由 · why; kept in the ledger for ever, so without personal data")


class NewSeatForm(Form):
    """A seat."""

    makes = NewSeat
    neutral: ClassVar[Mapping[str, object]] = {"person": None, "voting": True, "chair": False}

    person = Identifier(required=True, metadata=_said("席位人员 · whose seat it is"))
    voting = Flag(metadata=_said("是否有表决权，未写明的为有 · whether it votes; held is true"))
    chair = Flag(metadata=_said("是否主任席位，有且只有一个 · whether it is the chair's; exactly one is"))


class NewMeetingForm(Form):
    """A meeting: what it is called, when and where it is held, and who sits."""

    makes = NewMeeting
    neutral: ClassVar[Mapping[str, object]] = {"title": "", "held_at": None, "place": None, "seats": ()}

    title = Text(required=True, metadata=line("会议名称 · without personal data", LONGEST_TITLE))
    held_at = Moment(required=True, metadata=_said("开会时间 · when it is held"))
    place = Text(allow_none=True, metadata=line("地点 · where, if that is known", LONGEST_TITLE, 0))
    seats = Records(NewSeatForm, required=True, metadata=_said("席位 · the seats") | {"minItems": 1})


class SeatsForm(Form):
    """The seats of a meeting that is not open yet."""

    makes = Seats
    neutral: ClassVar[Mapping[str, object]] = {"seats": ()}

    seats = Records(
        NewSeatForm, required=True, metadata=_said("席位 · all of them, in the place of the old ones") | {"minItems": 1}
    )


class TabledForm(Form):
    """The application to be put on the agenda."""

    makes = Tabled
    neutral: ClassVar[Mapping[str, object]] = {"application": None}

    application = Identifier(required=True, metadata=_said("申报 · an application that is in review"))


class PresentForm(Form):
    """Who is there."""

    makes = Present
    neutral: ClassVar[Mapping[str, object]] = {"present": None}

    present = Listing(
        Identifier(),
        required=True,
        metadata=_said("到会人员（本人或代理人） · the people present, deputies included") | {"uniqueItems": True},
    )


class NewRecusalForm(Form):
    """Who is to have no part in an item."""

    makes = Recused
    neutral: ClassVar[Mapping[str, object]] = {"person": None, "reason": ""}

    person = Identifier(
        allow_none=True, metadata=_said("回避人员，本人回避的不填 · absent for yourself; the chair names others")
    )
    reason = Text(
        metadata=due_prose("理由，责令回避的必填 · why, without personal data; due where the chair orders it")
    )


class NewVoteForm(Form):
    """A vote."""

    makes = Vote
    neutral: ClassVar[Mapping[str, object]] = {"choice": None, "reason": ""}

    choice = Choice(seats.Choice, said="票 · what the seat votes", required=True)
    reason = Text(
        metadata=due_prose("理由 · printed with the minutes where the outcome is another; without personal data")
    )


class ConditionForm(Form):
    """A condition: one of the action plan by its id, or a free one."""

    makes = NewCondition

    text = Text(
        allow_none=True, metadata=due_prose("内容，选自整改计划的可不填 · what is to be done; due in a free one")
    )
    metric = Text(allow_none=True, metadata=line("衡量指标 · how it is measured; due in a free one", LONGEST_LINE, 0))
    due = Text(
        allow_none=True, metadata=line("时点，如 before_signing · a named moment, or else due_on", LONGEST_LINE, 0)
    )
    due_on = Day(allow_none=True, metadata=_said("期限 · the day by which it is met"))
    owner = Text(required=True, metadata=line("责任方 · who sees to it; a body, no person's name", LONGEST_LINE))
    evidence = Text(required=True, metadata=line("证明材料 · what will show that it is met", LONGEST_LINE))
    plan = Text(allow_none=True, metadata=_said("整改计划中的编号 · id of an entry of the verified action plan"))


class RulingForm(Form):
    """What is added to the votes when an item is decided."""

    makes = Ruling
    neutral: ClassVar[Mapping[str, object]] = {"reason": "", "conditions": (), "override": False}

    reason = Text(metadata=due_prose("理由 · why, without personal data; due where the assessment is overridden"))
    conditions = Records(
        ConditionForm,
        metadata=_said("条件 · conditions; 有条件支持 needs at least one") | {"maxItems": MOST_CONDITIONS},
    )
    override = Flag(metadata=_said("true：确认优于评价结果 · that better than the assessment is meant"))


class BecauseForm(Form):
    """A reason, where one is due."""

    makes = Because
    neutral: ClassVar[Mapping[str, object]] = {"reason": ""}

    reason = Text(
        metadata=due_prose("理由，有项目转入下次会议的必填 · due where items are carried over; without personal data")
    )


class MeetingQueryForm(Form):
    """Which page of the meetings."""

    makes = Query

    cursor = Cursor()
    limit = PageLimit()
