"""What tests start from: a small rulebook, people, and applications to hand in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from service.actions import applications, people, rulebooks
from service.actions.ledger import record
from service.core.cases.states import State
from service.core.people import SYSTEM, Actor, Role, person_ref
from service.core.values import Json
from service.db.applications import ApplicationRow
from service.work import Runtime, Work

CREDIT_CODE = "91379999DEM0000140"

# The departments of the reviewer, and of the one who is an officer too.
DEPARTMENT = "生态环境"
OTHER_DEPARTMENT = "自然资源"

# The key that signs the ledger of every test.
SEED = bytes(range(32))

_RULEBOOK = """
rulebook:
  id: small
  edition: "%(edition)s"
  format: 1
  title: {zh: 小规则, en: Small rules}
  in_force_from: %(in_force_from)s
  profile: null
sources:
  law:
    title: {zh: 示例法, en: Example law}
    level: law
    in_force_from: 2020-01-01
    in_force_until: null
    confirmed: true
parameters: {}
profiles: {}
facts:
  industry_code: {type: text, group: project, label: {zh: 行业代码, en: Industry code}, required: true}
  nature:
    type: choice
    choices: {new: {zh: 新建, en: New}, expand: {zh: 改扩建, en: Expansion}}
    group: project
    label: {zh: 建设性质, en: Nature}
    required: true
  output:
    type: number
    unit: 万元
    min: 0
    max: 100
    decimals: 2
    group: figures
    label: {zh: 产出, en: Output}
    required: true
  water:
    type: number
    unit: m3/a
    min: 0
    decimals: 2
    group: figures
    label: {zh: 用水, en: Water}
    required: true
    asked_when: nature == "new"
derived: {}
gates:
  - id: too_thirsty
    label: {zh: 用水过量, en: Too thirsty}
    applies_when: nature == "new"
    fails_when: water > 100000
    on_fail: reject
    curable: false
    cite: [{source: law, article: "1"}]
categories:
  - {id: A, label: {zh: 重点, en: Major}, when: water >= 1000, best_outcome: conditional}
  - {id: B, label: {zh: 一般, en: Ordinary}, otherwise: true}
dimensions:
  quality: {weight: 100, label: {zh: 高质量, en: Quality}}
criteria:
  - id: output
    dimension: quality
    weight: 100
    label: {zh: 产出, en: Output}
    value: output
    points: [[0, 0], [100, 100]]
    cite: [{source: law}]
decision:
  decimals: 2
  approve: {total: 75, each_dimension: 60}
  conditional: {total: 60, each_dimension: 50}
  defer: {total: 45, each_dimension: 30}
  completeness: {at_least: 90, otherwise: defer}
action_plan:
  below: 60
  always: []
bylaws:
  seats: {voting_roles: [member, chair]}
  quorum: {of: seats, at_least: 2/3}
  pass: {of: votes_cast, more_than: 1/2}
  oppose_is_veto: false
  abstentions_count_as_present: true
  tie: chair
  override:
    needs: {of: seats, at_least: 2/3}
    reason_required: true
    forbidden_for_levels: [law]
cases: []
"""

_MORE_FACTS = """  built_on: {type: date, group: figures, label: {zh: 建成日期, en: Built on}}
  listed: {type: boolean, group: figures, label: {zh: 是否上市, en: Listed}}
  share: {type: number, unit: "%", min: 0, max: 100, group: figures, label: {zh: 占比, en: Share}}
  aids:
    type: list
    group: figures
    label: {zh: 扶持, en: Aids}
    of:
      kind: {type: choice, choices: {a: {zh: 甲, en: First}, b: {zh: 乙, en: Second}}, label: {zh: 类型, en: Kind}}
      amount: {type: number, min: 0, label: {zh: 金额, en: Amount}}
derived: {}"""


def edition(name: str = "1", in_force_from: str = "2026-01-01") -> bytes:
    """The small rulebook as an edition of that name."""
    return (_RULEBOOK % {"edition": name, "in_force_from": in_force_from}).encode()


def papered_edition(name: str = "3", in_force_from: str = "2026-03-01") -> bytes:
    """The small rulebook in which the output counts with a third party's paper, the water with any document."""
    plain = edition(name, in_force_from).decode()
    for fact, grade in (("Output", "third_party"), ("Water", "document")):
        plain = plain.replace(f"en: {fact}}}\n    required", f"en: {fact}}}\n    evidence: {grade}\n    required")
    return plain.encode()


def zone_edition(name: str = "2", in_force_from: str = "2026-02-01") -> bytes:
    """The small rulebook with a gate that rests on a policy of the zone, so that it may be waived."""
    law = edition(name, in_force_from).decode()
    zone = law.replace('cite: [{source: law, article: "1"}]', "cite: [{source: zone}]").replace(
        "parameters: {}",
        "  zone:\n"
        "    title: {zh: 示例园区办法, en: Example zone policy}\n"
        "    level: zone_policy\n"
        "    in_force_from: null\n"
        "    in_force_until: null\n"
        "    confirmed: true\n"
        "parameters: {}",
    )
    assert zone.count("zone") == 4
    return zone.encode()


def listed_edition(name: str = "4", in_force_from: str = "2026-04-01") -> bytes:
    """The small rulebook with facts of every type, none of them required."""
    return edition(name, in_force_from).decode().replace("derived: {}", _MORE_FACTS).encode()


def facts(**changes: Json) -> dict[str, Json]:
    """Facts without a flaw by the small rulebook: approved with a total of 80.5."""
    sound: dict[str, Json] = {
        "industry_code": "3453",
        "nature": "new",
        "output": Decimal("80.50"),
        "water": Decimal("12.5"),
    }
    return sound | changes


def application(**changes: Json) -> applications.NewApplication:
    """A submission without a flaw; ``changes`` are facts."""
    return applications.NewApplication(
        applicant_name="大河精传动（虚构）有限公司",
        credit_code=CREDIT_CODE,
        project_name="精密减速器项目",
        project_code=None,
        facts=facts(**changes),
        draft=False,
    )


def header(**changes: str) -> applications.NewHeader:
    """Who applies for what in the same; ``changes`` are members."""
    sound = applications.NewHeader("大河精传动（虚构）有限公司", CREDIT_CODE, "精密减速器项目", None)
    return replace(sound, **changes)


def draft(**changes: Json) -> applications.NewApplication:
    """The same as a draft."""
    return replace(application(**changes), draft=True)


@dataclass(frozen=True)
class House:
    """A service with an edition in force and people in it."""

    runtime: Runtime
    officer: Actor
    colleague: Actor
    reviewer: Actor
    auditor: Actor
    admin: Actor
    both: Actor
    secretary: Actor
    member: Actor
    chair: Actor
    others: tuple[Actor, ...] = field(default=(), kw_only=True)

    @property
    def members(self) -> tuple[Actor, ...]:
        """Five members."""
        return (self.member, *self.others)

    @cached_property
    def author(self) -> Actor:
        """Who proposes rules: added when first asked for."""
        return person(self, "起草", Role.RULE_AUTHOR)

    @cached_property
    def releaser(self) -> Actor:
        """Who releases rules: added when first asked for."""
        return person(self, "发布", Role.RULE_RELEASER)

    def work(self, actor: Actor, expects: int | None = None) -> AbstractContextManager[Work]:
        """One unit of work."""
        return self.runtime.work(actor, request_id="r-1", expects=expects)

    def create(self, new: applications.NewApplication, actor: Actor | None = None) -> UUID:
        """Hand an application in."""
        with self.work(actor or self.officer) as work:
            return applications.create(work, new).id

    def row(self, case_id: UUID) -> ApplicationRow:
        """A case as it stands."""
        with self.work(self.auditor) as work:
            row = applications.get(work, case_id)
            work.session.expunge(row)
            return row

    def do(self, actor: Actor, deed: Callable[..., ApplicationRow], case_id: UUID, *given: object) -> None:
        """Do something to a case whose version was just read."""
        with self.work(actor, expects=self.row(case_id).version) as work:
            deed(work, case_id, *given)

    def put(self, case_id: UUID, state: State) -> None:
        """Put a case into a state without the way that leads there, with an entry: for what starts in that state."""
        with self.work(SYSTEM) as work:
            row = work.session.get_one(ApplicationRow, case_id)
            data = {"from": row.state, "to": state.value, "version": row.version + 1}
            row.state = state.value
            row.version += 1
            row.event_id = record(work, "application.put", "application", str(case_id), data)


def house(runtime: Runtime) -> House:
    """Release the small rulebook and add people."""
    with runtime.work(SYSTEM) as work:
        rulebooks.release(work, edition())
        officer, colleague = (_actor(work, name, Role.OFFICER) for name in ("招商甲", "招商乙"))
        return House(
            runtime,
            officer,
            colleague,
            reviewer=_actor(work, "联审", Role.REVIEWER, department=DEPARTMENT),
            auditor=_actor(work, "审计", Role.AUDITOR),
            admin=_actor(work, "管理", Role.ADMIN),
            both=_actor(work, "兼任", Role.OFFICER, Role.REVIEWER, department=OTHER_DEPARTMENT),
            secretary=_actor(work, "秘书", Role.SECRETARY),
            member=_actor(work, "委员", Role.MEMBER),
            chair=_actor(work, "主任", Role.CHAIR),
            others=tuple(_actor(work, f"委员{name}", Role.MEMBER) for name in "乙丙丁戊"),
        )


def _actor(work: Work, name: str, *roles: Role, department: str | None = None) -> Actor:
    person = people.add(work, name, roles, department)
    return Actor(person_ref(person.id), name, frozenset(roles), person.id)


def person(house: House, name: str, *roles: Role) -> Actor:
    """Add somebody with these roles."""
    with house.work(SYSTEM) as work:
        return _actor(work, name, *roles)
