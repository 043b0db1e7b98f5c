"""The deeds of a walk on applications: their moves, papers, opinions and waivers. Those of meetings stand apart."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from service.core.cases.states import EDITABLE, MOVES, UNDECIDED, State, Whose
from service.core.people import Actor, Permission
from service.db.applications import ApplicationRow
from service.db.evidence import EvidenceRow
from service.db.waivers import WaiverRow
from tests import make
from tests.api import parts, walked_rules
from tests.api.calling import read
from tests.api.walking import Step, Walk, tag

FIRMS: Final = (make.CREDIT_CODE, "91379999DEM000022T", "91379999DEM000030M")
CASE: Final = "/v1/applications"
REASON: Final = {"reason": "按评审意见办理"}

Deed = Callable[[Walk, Step], object]
DEEDS: Final[dict[str, Deed]] = {}
WEIGHTS: Final[dict[str, int]] = {}


def deed(weight: int = 1) -> Callable[[Deed], Deed]:
    """Add a deed to those a walk is made of; weights say how often it is made."""

    def add(do: Deed) -> Deed:
        name = getattr(do, "__name__", "")
        DEEDS[name], WEIGHTS[name] = do, weight
        return do

    return add


def new_case(walk: Walk, step: Step, owner: Actor, *, draft: bool = False) -> UUID | None:
    """Hand a case in; its names say which it is."""
    count = len(walk.cases()) + 1
    body = {
        "applicant_name": f"大河精传动{count:03}（虚构）有限公司",
        "credit_code": step.pick(2, FIRMS),
        "project_name": f"精密减速器{count:03}项目",
        "facts": walked_rules.facts(step.pick(1, list(walked_rules.KINDS))),
        "draft": draft,
    }
    answer = walk.send(owner, "POST", CASE, body)
    return UUID(read(answer)["id"]) if answer.status_code == 201 else None


@deed()
def create(walk: Walk, step: Step) -> None:
    new_case(walk, step, walk.somebody(step, 0, Permission.CREATE_CASES), draft=step.bit(3, 0))


@deed()
def replace_facts(walk: Walk, step: Step) -> None:
    row = step.likely(0, walk.cases(), lambda case: State(case.state) in EDITABLE)
    if row is not None:
        actor = _mover(walk, step, row, Permission.EDIT_CASES, Whose.OWN)
        facts = walked_rules.facts(step.pick(2, list(walked_rules.KINDS)))
        walk.send(actor, "PUT", f"{CASE}/{row.id}/facts", {"facts": facts}, tag(step, 3, row.version))


def _mover(walk: Walk, step: Step, row: ApplicationRow, permission: Permission, whose: Whose) -> Actor:
    """Whoever may move a case; rarely somebody else. Moves on others' cases are tried on one's own as well."""
    if whose is Whose.OWN and not step.rarely(1):
        return walk.actor(row.submitted_by)
    return walk.somebody(step, 1, permission)


def _move(walk: Walk, step: Step, name: str) -> None:
    rule = MOVES[name]
    row = step.likely(0, walk.cases(), lambda case: State(case.state) in rule.from_states)
    if row is not None:
        actor = _mover(walk, step, row, rule.permission, rule.whose)
        body = REASON if rule.reason_due and not step.rarely(2) else None
        walk.send(actor, "POST", f"{CASE}/{row.id}/{name}", body, tag(step, 3, row.version))


@deed(3)
def submit(walk: Walk, step: Step) -> None:
    _move(walk, step, "submit")


@deed(3)
def accept(walk: Walk, step: Step) -> None:
    _move(walk, step, "accept")


@deed()
def return_(walk: Walk, step: Step) -> None:
    _move(walk, step, "return")


@deed()
def withdraw(walk: Walk, step: Step) -> None:
    _move(walk, step, "withdraw")


@deed()
def reconsider(walk: Walk, step: Step) -> None:
    _move(walk, step, "reconsider")


def new_paper(walk: Walk, step: Step, case_id: UUID, actor: Actor) -> int | None:
    """Attach a paper to a case: mostly one that backs everything, for long."""
    today = walk.clock().date()
    fields = (
        ("grade", step.pick(3, ("third_party", "third_party", "document", "authority", "declared"))),
        ("facts", step.pick(4, ("emission,water,outfall", "emission,water,outfall", "emission", "water"))),
        ("expires_on", str(today + timedelta(days=step.pick(5, (300, 300, 1, 0))))),
    )
    answer = walk.send(actor, "POST", f"{CASE}/{case_id}/evidence", parts.paper(fields=fields))
    return int(read(answer)["n"]) if answer.status_code == 201 else None


@deed(2)
def attach(walk: Walk, step: Step) -> None:
    row = step.likely(0, walk.cases(), lambda case: State(case.state) in UNDECIDED - {State.TABLED})
    if row is not None:
        new_paper(walk, step, row.id, _mover(walk, step, row, Permission.ATTACH_EVIDENCE, Whose.OWN))


@deed(3)
def rule_on_paper(walk: Walk, step: Step) -> None:
    paper = step.likely(0, walk.rows(EvidenceRow), lambda row: row.state == "pending")
    if paper is not None:
        actor = walk.somebody(step, 1, Permission.RULE_ON_EVIDENCE)
        path = f"{CASE}/{paper.application_id}/evidence/{paper.n}"
        verb = step.pick(2, ("accept", "accept", "refuse"))
        walk.send(actor, "POST", f"{path}/{verb}", REASON, tag(step, 3, paper.version))


@deed()
def ask_opinion(walk: Walk, step: Step) -> None:
    row = step.likely(0, walk.cases(), lambda case: case.state in {"submitted", "in_review"})
    if row is not None:
        actor = walk.somebody(step, 1, Permission.ASK_OPINIONS)
        body = {"department": step.pick(2, (make.DEPARTMENT, make.OTHER_DEPARTMENT))}
        walk.send(actor, "POST", f"{CASE}/{row.id}/opinions/requests", body)


@deed()
def give_opinion(walk: Walk, step: Step) -> None:
    row = step.likely(0, walk.cases(), lambda case: case.state == "in_review")
    if row is not None:
        actor = walk.somebody(step, 1, Permission.GIVE_OPINIONS)
        body = {"stance": step.pick(2, ("support", "oppose")), "reason": "可行"}
        walk.send(actor, "POST", f"{CASE}/{row.id}/opinions", body)


@deed(3)
def grant_waiver(walk: Walk, step: Step) -> None:
    row = step.likely(0, walk.cases(), lambda case: State(case.state) in UNDECIDED)
    if row is not None:
        body = {
            "application_id": str(row.id),
            "gate": step.pick(2, walked_rules.GATES) if step.bit(4, 3) else walked_rules.ZONE_GATE,
            "owner": str(step.pick(3, walk.people).person_id),
            "expires_on": str(walk.clock().date() + timedelta(days=step.pick(4, (30, 1, 0)))),
            **REASON,
        }
        walk.send(walk.somebody(step, 1, Permission.GRANT_WAIVERS), "POST", "/v1/waivers", body)


@deed()
def revoke_waiver(walk: Walk, step: Step) -> None:
    row = step.likely(0, walk.rows(WaiverRow), lambda waiver: waiver.revoked_at is None)
    if row is not None:
        actor = walk.somebody(step, 1, Permission.GRANT_WAIVERS)
        walk.send(actor, "POST", f"/v1/waivers/{row.id}/revoke", REASON, tag(step, 3, row.version))


@deed()
def declare_interest(walk: Walk, step: Step) -> None:
    actor = walk.somebody(step, 0, Permission.DECLARE_INTERESTS)
    walk.send(actor, "POST", "/v1/interests", {"credit_code": step.pick(1, FIRMS)})


@deed()
def let_a_day_pass(walk: Walk, step: Step) -> None:
    del step
    if walk.clock().date() < date(2026, 12, 20):
        walk.clock.move(days=1)


ALL: Final[Mapping[str, Deed]] = DEEDS
