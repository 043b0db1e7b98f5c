"""One good call of every endpoint: what the case must be like, and what is sent."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from service.actions import ledger, people, rulebooks, webhooks
from service.core.cases.states import State
from service.core.people import PERMISSIONS, SYSTEM, Actor, Role
from service.db.webhooks import OutboxRow
from service.web.endpoints import Endpoint
from service.web.routes import PREFIX
from tests import make, meeting, seating
from tests.actions import papers, proposing, waiving
from tests.api import parts, sitting
from tests.api.calling import Caller, Http, application, read


@dataclass(frozen=True)
class Made:
    """What a call is about where that is more than a case: the parts of its path, its body, the version it needs."""

    path: Mapping[str, UUID | int | str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    version: int | None = None
    rest: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Sample:
    """A call that succeeds when the case is in ``state`` (None: there is no case) and the caller is granted it.

    ``make`` makes what else the call is about, for a caller, with cases of the owner given. ``rest`` takes the place of
    the rest of the path, or follows it as the query. ``form`` is a content with a file.
    """

    state: State | None = None
    body: Mapping[str, Any] | None = None
    make: Callable[[Http, Caller, Actor], Made] | None = None
    rest: str = ""
    form: bytes | None = None


def case(http: Http, owner: Actor, state: State) -> UUID:
    """Make a case in a state."""
    if state is State.DRAFT:
        return http.house.create(make.draft(), owner)
    case_id = http.house.create(make.application(), owner)
    if state is not State.SUBMITTED:
        http.house.put(case_id, state)
    return case_id


def shown(http: Http, caller: Caller, case_id: UUID) -> UUID:
    """Let a case be seen by a caller who sees only what they have a seat for."""
    if caller.actor is not None and Role.MEMBER in caller.actor.roles and http.house.row(case_id).versions:
        seating.seat(http.house, case_id, caller.actor)
    return case_id


def _signed(http: Http, _caller: Caller, _owner: Actor) -> Made:
    signed = ledger.tend(http.house.runtime)
    assert signed is not None
    return Made(rest={"size": signed.size})


def _papered(http: Http, caller: Caller, owner: Actor) -> Made:
    case_id = shown(http, caller, case(http, owner, State.SUBMITTED))
    return Made({"case_id": case_id, "n": papers.attached(http.house, case_id, owner)}, version=1)


def _waivable(http: Http, caller: Caller, owner: Actor) -> Made:
    waiving.release(http.house)
    case_id = shown(http, caller, case(http, owner, State.SUBMITTED))
    return Made(body=written_waiver(case_id, http.house.member))


def _waived(http: Http, caller: Caller, owner: Actor) -> Made:
    waiving.release(http.house)
    case_id = shown(http, caller, case(http, owner, State.SUBMITTED))
    return Made({"waiver_id": waiving.waived(http.house, case_id)}, version=1)


def _call(http: Http, _caller: Caller, _owner: Actor) -> Made:
    return Made(body=sitting.written_meeting(meeting.everybody(http.house)))


def _called(http: Http, caller: Caller, _owner: Actor) -> Made:
    found = sitting.called(http, caller)
    people = [str(meeting.person(actor)) for actor in found.people]
    return Made({"meeting_id": found.meeting.id}, {"present": people}, found.meeting.row().version)


def _seats(http: Http, caller: Caller, _owner: Actor) -> Made:
    found = sitting.called(http, caller)
    body = {"seats": sitting.written_seats(found.people)}
    return Made({"meeting_id": found.meeting.id}, body, found.meeting.row().version)


def _cancelled(http: Http, caller: Caller, _owner: Actor) -> Made:
    found = sitting.called(http, caller).meeting
    return Made({"meeting_id": found.id}, version=found.row().version)


def _to_table(http: Http, caller: Caller, owner: Actor) -> Made:
    found = sitting.called(http, caller)
    return Made({"meeting_id": found.meeting.id}, {"application": str(meeting.in_review(http.house, owner))})


def _tabled(http: Http, caller: Caller, owner: Actor) -> Made:
    found = sitting.tabled(http, caller, owner)
    return Made({"meeting_id": found.meeting.id}, version=found.meeting.item().version)


def _opened(http: Http, caller: Caller, owner: Actor) -> Made:
    found = sitting.opened(http, caller, owner)
    return Made({"meeting_id": found.meeting.id}, version=found.meeting.row().version)


def _voted(http: Http, caller: Caller, owner: Actor) -> Made:
    found = sitting.voted(http, caller, owner)
    return Made({"meeting_id": found.meeting.id}, version=found.meeting.item().version)


def _decided(http: Http, caller: Caller, owner: Actor) -> Made:
    found = sitting.voted(http, caller, owner).meeting
    found.decide()
    return Made({"meeting_id": found.id, "case_id": found.item().application_id})


def _deputy(http: Http, _caller: Caller, _owner: Actor) -> Made:
    body = {"deputy": str(http.house.member.person_id), "from_on": "2026-12-01", "to_on": "2026-12-31", **_REASON}
    return Made(body=body)


def _appointed(http: Http, caller: Caller, owner: Actor) -> Made:
    body = _deputy(http, caller, owner).body
    actor = caller if caller.actor is not None and _SITS & caller.actor.roles else http.chair
    return Made({"deputy_id": UUID(read(actor.post("/v1/deputies", body))["id"])}, version=1)


def _hook(http: Http) -> UUID:
    with http.house.work(http.house.admin) as work:
        return webhooks.add(work, webhooks.NewWebhook("https://zone.example/hook", ["*"])).id


def _hooked(http: Http, _caller: Caller, _owner: Actor) -> Made:
    return Made({"webhook_id": _hook(http)}, version=1)


def _sent(http: Http, _caller: Caller, _owner: Actor) -> Made:
    webhook_id = _hook(http)
    with http.house.work(http.house.admin) as work:
        sent = webhooks.test(work, webhook_id)
        work.session.get_one(OutboxRow, sent.n).state = "dead"
    return Made({"webhook_id": webhook_id, "n": sent.n})


def _own(http: Http, caller: Caller, _owner: Actor) -> Made:
    """A caller's own second key."""
    actor = caller.actor or http.house.admin
    with http.house.work(SYSTEM) as work:
        issued = people.issue(work, actor.person_id or UUID(int=0), people.NewKey())
    return Made({"person_id": issued.row.person_id, "key_id": issued.row.id})


def _sole(http: Http, caller: Caller, _owner: Actor) -> Made:
    """The key that a caller shows."""
    actor = caller.actor or http.house.admin
    return Made({"person_id": actor.person_id or UUID(int=0), "key_id": (caller.key or "").split("_")[1]})


def _somebody(http: Http, _caller: Caller, _owner: Actor) -> Made:
    somebody = make.person(http.house, "李明", Role.MEMBER)
    return Made({"person_id": somebody.person_id or UUID(int=0)}, version=1)


def _named(http: Http, caller: Caller, owner: Actor) -> Made:
    made = _somebody(http, caller, owner)
    with http.house.work(SYSTEM) as work:
        people.name_login(work, UUID(str(made.path["person_id"])), f"li.ming.{made.path['person_id']}")
    return Made(made.path)


def _linked(http: Http, caller: Caller, owner: Actor) -> Made:
    made = _somebody(http, caller, owner)
    with http.house.work(SYSTEM) as work:
        new = people.NewIdentity(str(made.path["person_id"]), "https://id.zone.example")
        identity = people.link(work, UUID(str(made.path["person_id"])), new)
    return Made({**made.path, "identity_id": identity.id})


def _edition(http: Http, _caller: Caller, _owner: Actor) -> Made:
    with http.house.work(SYSTEM, None) as work:
        return Made({"sha256": rulebooks.in_force(work, work.today).rulebook.sha256})


def _proposed(http: Http, _caller: Caller, _owner: Actor) -> Made:
    return Made({"proposal_id": proposing.proposed(http.house, proposing.another())}, version=1)


def _proposed_by(http: Http, caller: Caller, owner: Actor) -> Made:
    """A proposal of the caller's own, if they are an author."""
    if caller.actor is None or Role.RULE_AUTHOR not in caller.actor.roles:
        return _proposed(http, caller, owner)
    return Made({"proposal_id": proposing.proposed(http.house, proposing.another(), caller.actor)}, version=1)


_SITS = frozenset({Role.MEMBER, Role.CHAIR})


def written_waiver(case_id: UUID, owner: Actor, /, **changes: object) -> dict[str, Any]:
    """The body of a waiver without a flaw by the rules with a gate of the zone."""
    new = waiving.new(case_id, owner)
    sound = {
        "application_id": str(new.application_id),
        "gate": new.gate,
        "owner": str(new.owner),
        "reason": new.reason,
        "expires_on": str(new.expires_on),
    }
    return sound | changes


_REASON = {"reason": "缺少能评意见"}

_HEADER = {name: text for name, text in application().items() if name != "facts"}

SAMPLES: Mapping[str, Sample] = {
    "assessments.assess": Sample(body=make.facts()),
    "applications.create_application": Sample(body=application()),
    "applications.find_applications": Sample(),
    "applications.get_application": Sample(State.SUBMITTED),
    "applications.replace_facts": Sample(State.DRAFT, {"facts": make.facts()}),
    "applications.rename_application": Sample(State.DRAFT, _HEADER),
    "applications.submit_application": Sample(State.DRAFT),
    "applications.accept_application": Sample(State.SUBMITTED),
    "applications.return_application": Sample(State.SUBMITTED, _REASON),
    "applications.withdraw_application": Sample(State.SUBMITTED, _REASON),
    "applications.reconsider_application": Sample(State.REJECTED, _REASON),
    "applications.get_assessment": Sample(State.SUBMITTED),
    "applications.find_assessments": Sample(State.SUBMITTED),
    "applications.get_clock": Sample(State.SUBMITTED),
    "applications.get_timeline": Sample(State.SUBMITTED),
    "imports.get_template": Sample(),
    "imports.import_applications": Sample(form=parts.table()),
    "imports.export_applications": Sample(),
    "versions.find_versions": Sample(State.SUBMITTED),
    "versions.get_version": Sample(State.SUBMITTED),
    "versions.get_differences": Sample(State.SUBMITTED, rest="from=1"),
    "opinions.find_opinions": Sample(State.IN_REVIEW),
    "opinions.give_opinion": Sample(State.IN_REVIEW, {"stance": "support", "reason": "用水指标可平衡"}),
    "opinions.ask_opinion": Sample(State.SUBMITTED, {"department": make.DEPARTMENT}),
    "evidence.attach_paper": Sample(State.SUBMITTED, form=parts.paper()),
    "evidence.find_papers": Sample(make=_papered),
    "evidence.get_paper": Sample(make=_papered),
    "evidence.get_paper_content": Sample(make=_papered),
    "evidence.accept_paper": Sample(make=_papered),
    "evidence.refuse_paper": Sample(body=_REASON, make=_papered),
    "waivers.grant_waiver": Sample(make=_waivable),
    "waivers.find_waivers": Sample(make=_waived),
    "waivers.get_waiver": Sample(make=_waived),
    "waivers.revoke_waiver": Sample(body=_REASON, make=_waived),
    "sheets.get_scores": Sample(make=_tabled),
    "sheets.get_minutes": Sample(make=_opened),
    "sheets.get_letter": Sample(make=_decided),
    "sheets.get_accountability": Sample(rest="from=2026-01-01&to=2026-12-31"),
    "ledger.get_checkpoint": Sample(make=_signed),
    "ledger.get_entry_tile": Sample(make=_signed, rest="000.p/1"),
    "ledger.get_tile": Sample(make=_signed, rest="0/000.p/1"),
    "ledger.prove_inclusion": Sample(make=_signed, rest="index=0"),
    "ledger.prove_consistency": Sample(make=_signed, rest="from={size}&to={size}"),
    "ledger.find_entries": Sample(make=_signed),
    "ledger.get_health": Sample(make=_signed),
    "bundles.get_bundle": Sample(State.SUBMITTED),
    "meetings.call_meeting": Sample(make=_call),
    "meetings.find_meetings": Sample(make=_called),
    "meetings.get_meeting": Sample(make=_called),
    "meetings.set_seats": Sample(make=_seats),
    "meetings.open_meeting": Sample(make=_called),
    "meetings.close_meeting": Sample(body={"reason": "到会人数不足"}, make=_opened),
    "meetings.cancel_meeting": Sample(body={"reason": "主任因公出差，另行召集"}, make=_cancelled),
    "meetings.table_application": Sample(make=_to_table),
    "meetings.find_items": Sample(make=_tabled),
    "meetings.get_item": Sample(make=_tabled),
    "meetings.get_item_assessments": Sample(make=_tabled),
    "meetings.untable_item": Sample(make=_tabled),
    "meetings.refresh_item": Sample(make=_tabled),
    "meetings.recuse": Sample(make=_tabled),
    "meetings.find_recusals": Sample(make=_tabled),
    "meetings.vote": Sample(body={"choice": "support"}, make=_opened),
    "meetings.find_votes": Sample(make=_tabled),
    "meetings.decide": Sample(make=_voted),
    "deputies.appoint_deputy": Sample(make=_deputy),
    "deputies.find_deputies": Sample(),
    "deputies.revoke_deputy": Sample(make=_appointed),
    "interests.declare_interest": Sample(body={"credit_code": make.CREDIT_CODE}),
    "interests.find_interests": Sample(),
    "people.get_me": Sample(),
    "people.add_person": Sample(body={"name": "李明", "roles": ["member"]}),
    "people.find_people": Sample(),
    "people.get_person": Sample(make=_somebody),
    "people.set_roles": Sample(body={"roles": ["officer", "member"]}, make=_somebody),
    "people.erase_person": Sample(make=_somebody),
    "people.get_sign_in": Sample(make=_named),
    "people.set_login": Sample(body={"login": "zhang.wei"}, make=_somebody),
    "people.give_password": Sample(make=_named),
    "people.end_sessions": Sample(make=_named),
    "people.issue_key": Sample(body={"label": "ERP"}, make=_somebody),
    "people.find_keys": Sample(make=_own),
    "people.rotate_key": Sample(body={"overlap_hours": 1}, make=_sole),
    "people.revoke_key": Sample(make=_own),
    "people.link_identity": Sample(body={"subject": "s", "issuer": "https://id.zone.example"}, make=_somebody),
    "people.find_identities": Sample(make=_linked),
    "people.unlink_identity": Sample(make=_linked),
    "rulebooks.propose_rulebook": Sample(body={"source": proposing.TOMORROW.decode(), "note": proposing.NOTE}),
    "rulebooks.find_rulebooks": Sample(rest="on=2026-11-24"),
    "rulebooks.get_rulebook": Sample(make=_edition),
    "rulebooks.find_proposals": Sample(make=_proposed),
    "rulebooks.get_proposal": Sample(make=_proposed),
    "rulebooks.get_proposal_differences": Sample(make=_proposed),
    "rulebooks.release_proposal": Sample(make=_proposed),
    "rulebooks.decline_proposal": Sample(body=_REASON, make=_proposed),
    "rulebooks.withdraw_proposal": Sample(make=_proposed_by),
    "webhooks.add_webhook": Sample(body={"url": "https://zone.example/hook", "events": ["*"]}),
    "webhooks.find_webhooks": Sample(make=_hooked),
    "webhooks.get_webhook": Sample(make=_hooked),
    "webhooks.rotate_webhook": Sample(make=_hooked),
    "webhooks.deactivate_webhook": Sample(make=_hooked),
    "webhooks.test_webhook": Sample(make=_hooked),
    "webhooks.find_deliveries": Sample(make=_sent),
    "webhooks.replay_delivery": Sample(make=_sent),
    "webhooks.find_events": Sample(make=_signed),
    "meta.get_meta": Sample(),
}


@dataclass(frozen=True)
class Prepared:
    """A call ready to be made."""

    caller: Caller
    endpoint: Endpoint
    path: str
    body: Mapping[str, Any] | None
    headers: Mapping[str, str]
    form: bytes | None = None

    def send(self) -> TestResponse:
        if self.form is not None:
            return parts.send(self.caller, self.path, self.form, **self.headers)
        if self.endpoint.method == "GET":
            return self.caller.get(self.path)
        send = self.caller.put if self.endpoint.method == "PUT" else self.caller.post
        return send(self.path, self.body, **self.headers)


def prepare(http: Http, caller: Caller, name: str, endpoint: Endpoint) -> Prepared:
    """Make the case the endpoint's sample needs, the caller's own if they are an officer."""
    sample = SAMPLES[name]
    found = _made(http, caller, sample)
    path = PREFIX + endpoint.path
    for part, identifier in found.path.items():
        path = re.sub(rf"<\w+:{part}>", str(identifier), path)
    path = path.replace("<int:n>", "1")
    rest = sample.rest.format_map(found.rest)
    path = path.replace("<path:place>", rest) if "<path:place>" in path else f"{path}?{rest}".rstrip("?")
    headers = {"If_Match": f'"{found.version}"'} if endpoint.needs_version else {}
    return Prepared(caller, endpoint, path, found.body or sample.body, headers, sample.form)


def _made(http: Http, caller: Caller, sample: Sample) -> Made:
    owner = _owner(http, caller)
    if sample.make is not None:
        return sample.make(http, caller, owner)
    if sample.state is None:
        return Made()
    case_id = shown(http, caller, case(http, owner, sample.state))
    return Made({"case_id": case_id}, version=http.house.row(case_id).version)


def _owner(http: Http, caller: Caller) -> Actor:
    return caller.actor if caller.actor is not None and Role.OFFICER in caller.actor.roles else http.house.officer


def somebody_who_may(http: Http, endpoint: Endpoint) -> Caller:
    """Add somebody of a role that may call an endpoint."""
    return http.newcomer(next(role for role in Role if role in PERMISSIONS[endpoint.permission]))


def place_of(endpoint: Endpoint) -> str:
    """Give the path of an endpoint as the description writes it."""
    return PREFIX + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", endpoint.path)
