"""Deeds that must happen as a whole or not at all: who does them, to what, and the rows they add."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from service.actions import (
    applications,
    bundles,
    evidence,
    imports,
    opinions,
    people,
    proposals,
    replies,
    sign_in,
    waivers,
    webhooks,
)
from service.actions.replies import Asked, Reply
from service.core.cases.opinions import Stance
from service.core.people import Actor, Role
from service.work import Runtime, Work
from tests import make, tabled
from tests.actions import papers, proposing, sittings, waiving
from tests.actions.tables import SUBMITTED

ASKED = Asked("POST", "/v1/applications", "key-1", b"{}")


@dataclass(frozen=True)
class Deed:
    """A deed on a case that is prepared for it; ``adds`` counts the new rows of each table."""

    actor: str
    prepare: Callable[[make.House], UUID]
    do: Callable[[Work, UUID], object]
    adds: Mapping[str, int]


def _create(work: Work, _: UUID) -> None:
    replies.recall(work, ASKED)
    row = applications.create(work, make.application())
    replies.remember(work, ASKED, Reply(201, row.number.encode()))


def _returned(house: make.House) -> UUID:
    case_id = house.create(make.application())
    house.do(house.reviewer, applications.return_, case_id, "补充")
    return case_id


def _waived(house: make.House) -> UUID:
    case_id = waiving.thirsty(house)
    waiving.waived(house, case_id)
    return case_id


def _waived_and_returned(house: make.House) -> UUID:
    case_id = _waived(house)
    house.do(house.reviewer, applications.return_, case_id, "补充")
    return case_id


def _import(work: Work, _: UUID) -> None:
    content = tabled.csv_of(tabled.HEADINGS, tabled.SOUND, ("2", *tabled.SOUND[1:]))
    imports.run(work, imports.NewImport(content, draft=True))


def _waive(work: Work, case_id: UUID) -> None:
    waivers.grant(work, waiving.new(case_id, work.actor))


def _revoke(work: Work, case_id: UUID) -> None:
    (row,) = waivers.find(work, waivers.Query(case_id)).items
    waivers.revoke(replace(work, expects=row.version), row.id, "方案未获批复")


def _asked(house: make.House) -> UUID:
    case_id = house.create(make.application())
    house.do(house.reviewer, opinions.accept, case_id, [make.DEPARTMENT])
    return case_id


def _give(work: Work, case_id: UUID) -> None:
    opinions.give(work, case_id, opinions.NewOpinion(Stance.OPPOSE, "用水指标不足"))


def _papered(house: make.House) -> UUID:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    return case_id


def _accept_paper(work: Work, case_id: UUID) -> None:
    evidence.accept(replace(work, expects=1), case_id, 1)


def _refuse_paper(work: Work, case_id: UUID) -> None:
    evidence.refuse(replace(work, expects=1), case_id, 1, "看不清")


def _read_paper(work: Work, case_id: UUID) -> None:
    evidence.content(work, case_id, 1)


def _read_bundle(work: Work, case_id: UUID) -> None:
    bundles.read(work, case_id, None, signs=True)


def _told_of(house: make.House) -> UUID:
    """A draft, and a webhook that is told of its submission."""
    with house.work(house.admin) as work:
        webhooks.add(work, webhooks.NewWebhook("https://hook.example/", ["application.submitted"]))
    return house.create(make.draft())


def _proposed(house: make.House) -> UUID:
    """An edition is proposed; the deeds find it for themselves."""
    proposing.proposed(house)
    return _proposable(house)


def _proposable(house: make.House) -> UUID:
    """Nothing but those who propose and release."""
    assert house.author != house.releaser
    return house.officer.person_id or UUID(int=0)


def _propose(work: Work, _: UUID) -> None:
    proposals.propose(work, proposals.NewProposal(proposing.TOMORROW.decode(), proposing.NOTE))


def _release_rules(work: Work, _: UUID) -> None:
    proposals.release(replace(work, expects=1), proposing.newest(work))


def _decline_rules(work: Work, _: UUID) -> None:
    proposals.decline(replace(work, expects=1), proposing.newest(work), "条款依据不足")


def _withdraw_rules(work: Work, _: UUID) -> None:
    proposals.withdraw(replace(work, expects=1), proposing.newest(work))


def _keyed(house: make.House) -> UUID:
    with house.work(house.admin) as work:
        return people.issue(work, house.officer.person_id or UUID(int=0), people.NewKey()).row.person_id


def _rotate_key(work: Work, person_id: UUID) -> None:
    (key,) = people.find_keys(work, person_id)
    people.rotate(work, person_id, key.id, people.Rotation())


def _officer(house: make.House) -> UUID:
    return house.officer.person_id or UUID(int=0)


def _set_roles(work: Work, person_id: UUID) -> None:
    people.set_roles(replace(work, expects=1), person_id, [Role.MEMBER, Role.SECRETARY])


def _link_identity(work: Work, person_id: UUID) -> None:
    people.link(work, person_id, people.NewIdentity("s-1", "https://id.zone.example"))


def _named(house: make.House) -> UUID:
    with house.work(house.admin) as work:
        return sign_in.set_login(work, _officer(house), "officer").id


def _set_password(work: Work, person_id: UUID) -> None:
    sign_in.set_password(work, person_id, "correct horse battery")


_ONE_ENTRY = MappingProxyType({"ledger_event": 1, "ledger_pending": 1})
_IMPORTED = MappingProxyType({"application": 2, "ledger_event": 3, "ledger_pending": 3})
_NEW_CASE = MappingProxyType(SUBMITTED | {"application": 1, "reply": 1, "ledger_event": 2, "ledger_pending": 2})


def _adds(**rows: int) -> Mapping[str, int]:
    return MappingProxyType({**rows, **_ONE_ENTRY})


DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        "set_password": Deed("admin", _named, _set_password, _adds(password=1)),
        "end_sessions": Deed("admin", _named, people.end_sessions, _ONE_ENTRY),
        "create": Deed("officer", lambda house: house.create(make.draft()), _create, _NEW_CASE),
        "import": Deed("officer", lambda house: house.create(make.draft()), _import, _IMPORTED),
        "submit": Deed("officer", lambda house: house.create(make.draft()), applications.submit, SUBMITTED),
        "submit_told": Deed("officer", _told_of, applications.submit, SUBMITTED | {"outbox": 1}),
        "submit_again": Deed("officer", _returned, applications.submit, SUBMITTED),
        "replace_facts": Deed(
            "officer",
            _returned,
            lambda work, case_id: applications.replace_facts(work, case_id, make.facts(output=Decimal(1))),
            _ONE_ENTRY,
        ),
        "rename": Deed(
            "officer",
            lambda house: house.create(make.draft()),
            lambda work, case_id: applications.rename(work, case_id, make.header(project_name="另一项目")),
            _ONE_ENTRY,
        ),
        "save": Deed(
            "officer",
            lambda house: house.create(make.draft()),
            lambda work, case_id: applications.save(work, case_id, {}, make.header(project_name="另一项目")),
            MappingProxyType({"ledger_event": 2, "ledger_pending": 2}),
        ),
        "hand_in": Deed(
            "officer",
            _returned,
            lambda work, case_id: applications.hand_in(work, case_id, make.facts(output=Decimal(1))),
            MappingProxyType({**SUBMITTED, "ledger_event": 2, "ledger_pending": 2}),
        ),
        "accept": Deed("reviewer", lambda house: house.create(make.application()), applications.accept, _ONE_ENTRY),
        "waive": Deed("chair", waiving.thirsty, _waive, MappingProxyType({"waiver": 1, **_ONE_ENTRY})),
        "revoke_waiver": Deed("chair", _waived, _revoke, _ONE_ENTRY),
        "submit_waived": Deed("officer", _waived_and_returned, applications.submit, SUBMITTED),
        "ask_opinion": Deed(
            "secretary",
            lambda house: house.create(make.application()),
            lambda work, case_id: opinions.ask(work, case_id, make.DEPARTMENT),
            MappingProxyType({"opinion": 1, **_ONE_ENTRY}),
        ),
        "give_opinion": Deed("reviewer", _asked, _give, _ONE_ENTRY),
        "accept_and_ask": Deed(
            "reviewer",
            lambda house: house.create(make.application()),
            lambda work, case_id: opinions.accept(work, case_id, [make.OTHER_DEPARTMENT, make.DEPARTMENT]),
            MappingProxyType({"opinion": 2, "ledger_event": 3, "ledger_pending": 3}),
        ),
        "attach_paper": Deed(
            "officer", papers.case, papers.attach_whole, MappingProxyType({"evidence": 1, **_ONE_ENTRY})
        ),
        "accept_paper": Deed("reviewer", _papered, _accept_paper, _ONE_ENTRY),
        "refuse_paper": Deed("reviewer", _papered, _refuse_paper, _ONE_ENTRY),
        "read_paper": Deed("officer", _papered, _read_paper, _ONE_ENTRY),
        "read_bundle": Deed("auditor", papers.case, _read_bundle, _ONE_ENTRY),
        "call_meeting": Deed("secretary", sittings.called_for, sittings.call, _adds(meeting=1, seat=6)),
        "table": Deed("secretary", sittings.called_for, sittings.table, _adds(meeting_item=1)),
        "untable": Deed("secretary", sittings.on_agenda, sittings.untable, _ONE_ENTRY),
        "refresh_item": Deed("secretary", sittings.on_agenda, sittings.refresh, _ONE_ENTRY),
        "open_meeting": Deed("chair", sittings.on_agenda, sittings.open_, _ONE_ENTRY),
        "recuse": Deed("member", sittings.on_table, sittings.recuse, _adds(recusal=1)),
        "vote": Deed("member", sittings.on_table, sittings.vote, _adds(vote=1)),
        "decide": Deed("secretary", sittings.voted_on, sittings.decide, _adds(decision=1)),
        "close_meeting": Deed(
            "chair", sittings.on_table, sittings.close, MappingProxyType({"ledger_event": 2, "ledger_pending": 2})
        ),
        "cancel_meeting": Deed(
            "secretary", sittings.on_agenda, sittings.cancel, MappingProxyType({"ledger_event": 2, "ledger_pending": 2})
        ),
        "withdraw_tabled": Deed("officer", sittings.on_table, sittings.withdraw, _ONE_ENTRY),
        "propose_rules": Deed("author", _proposable, _propose, _adds(rulebook_proposal=1)),
        "release_rules": Deed("releaser", _proposed, _release_rules, _adds(rulebook=1)),
        "decline_rules": Deed("releaser", _proposed, _decline_rules, _ONE_ENTRY),
        "withdraw_rules": Deed("author", _proposed, _withdraw_rules, _ONE_ENTRY),
        "issue_key": Deed(
            "admin",
            lambda house: house.officer.person_id or UUID(int=0),
            people.issue_key,
            MappingProxyType({"api_key": 1, **_ONE_ENTRY}),
        ),
        "rotate_key": Deed(
            "officer",
            _keyed,
            _rotate_key,
            MappingProxyType({"api_key": 1, "ledger_event": 2, "ledger_pending": 2}),
        ),
        "set_roles": Deed("admin", _officer, _set_roles, _adds(person_role=1)),
        "link_identity": Deed("admin", _officer, _link_identity, _adds(person_identity=1)),
    }
)


def do(runtime: Runtime, name: str, actor: Actor, case_id: UUID, version: int | None) -> None:
    """Do a deed as one unit of work."""
    with runtime.work(actor, request_id="r-1", expects=version) as work:
        DEEDS[name].do(work, case_id)
