"""``sluice demo``: a database to look around in, filled once: rules, people with keys, the twelve examples.

In demo mode the keys are also kept in a file that its owner alone may read, for programs such as
``examples/review_day.py``. Elsewhere a key is told once, on the screen, and written nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Final

import click

from service.actions import applications, ledger, people, rulebooks, sign_in
from service.cli import console, files
from service.cli.columns import table
from service.cli.runtime import opened
from service.config import read_settings
from service.core.errors import UnauthenticatedError
from service.core.people import SYSTEM, Actor, Role, person_ref
from service.core.values import Json, read_json, write_json
from service.db import migrate
from service.db.people import Person
from service.signing import SignerRefusesError, keep_secret
from service.words import sections
from service.work import Runtime, Work


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who does not exist.

    In demo mode ``secret`` opens their key, so that the key can be printed again, and they sign in to the pages.
    """

    name: str
    role: Role
    secret: str
    department: str | None = None

    @property
    def login(self) -> str:
        """Under which name they sign in."""
        return self.secret.removeprefix("demo-")


PEOPLE: Final = (
    DemoPerson("演示·招商专员甲", Role.OFFICER, "demo-officer-1"),
    DemoPerson("演示·招商专员乙", Role.OFFICER, "demo-officer-2"),
    DemoPerson("演示·生态环境部门", Role.REVIEWER, "demo-reviewer", "生态环境"),
    DemoPerson("演示·自然资源部门", Role.REVIEWER, "demo-reviewer-land", "自然资源"),
    DemoPerson("演示·发展改革部门", Role.REVIEWER, "demo-reviewer-planning", "发展改革"),
    DemoPerson("演示·会议秘书", Role.SECRETARY, "demo-secretary"),
    *(DemoPerson(f"演示·评审委员{mark}", Role.MEMBER, f"demo-member-{n}") for n, mark in enumerate("甲乙丙丁戊", 1)),
    DemoPerson("演示·评审会主任", Role.CHAIR, "demo-chair"),
    DemoPerson("演示·审计巡察", Role.AUDITOR, "demo-auditor"),
    DemoPerson("演示·规则起草人", Role.RULE_AUTHOR, "demo-rule-author"),
    DemoPerson("演示·规则发布人", Role.RULE_RELEASER, "demo-rule-releaser"),
    DemoPerson("演示·系统管理员", Role.ADMIN, "demo-admin"),
)

# The password of everybody who does not exist, where nothing is real.
PASSWORD: Final = "yellow river 2026"  # noqa: S105 - it is printed


@dataclass(frozen=True, slots=True)
class _Resident:
    """A demonstration person as they stand in the database; no key where it was shown before and is not known."""

    person: DemoPerson
    actor: Actor
    key: str | None
    login: str | None


@click.command("demo", cls=console.Command, help="help.demo")
@click.option("--address", default="http://127.0.0.1:8000", cls=console.Option, help="option.address")
@click.option(
    "--keys",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("var/demo-keys.json"),
    cls=console.Option,
    help="option.demo_keys",
)
@console.language_option
def command(address: str, keys: Path) -> None:
    """Fill the database where anything is missing, and print what to try."""
    settings = read_settings()
    runtime = opened(settings)
    migrate.upgrade(runtime.engine)
    with runtime.work(SYSTEM) as work:
        if not rulebooks.are_of_people(work):
            rulebooks.release(work, files.default_rules().read_bytes())
        residents = [_resident(work, person, fixed=settings.demo) for person in PEOPLE]
    officers = [one.actor for one in residents if Role.OFFICER in one.actor.roles]
    _load_examples(runtime, officers)
    _sign(runtime)
    _tell(address, residents)
    if settings.demo:
        console.say("demo.pages", address=address, password=PASSWORD)
        _keep(keys, address, residents)


def _resident(work: Work, person: DemoPerson, *, fixed: bool) -> _Resident:
    found = people.find(work, person.name)
    stored = found[0][0] if found else people.add(work, person.name, [person.role], person.department)
    actor = Actor(person_ref(stored.id), stored.name, frozenset({person.role}), stored.id)
    if fixed:
        _let_in(work, stored, person)
    return _Resident(person, actor, _key(work, stored, person.secret if fixed else None), stored.login)


def _let_in(work: Work, stored: Person, person: DemoPerson) -> None:
    """Let somebody sign in to the pages, unless they can."""
    if stored.login is None:
        sign_in.set_login(work, stored.id, person.login)
    if not sign_in.has_password(work, stored.id):
        sign_in.set_password(work, stored.id, PASSWORD)


def _key(work: Work, person: Person, secret: str | None) -> str | None:
    """Give a person's key: one that the secret opens, or a new one; None where all that live were told before."""
    live = people.find_keys(work, person.id)
    if secret is None:
        return None if live else people.issue_key(work, person.id)
    opened = (people.key_text(key.id, secret) for key in live)
    known = next((key for key in opened if _opens(work, key)), None)
    return known or people.issue_key(work, person.id, secret=secret)


def _opens(work: Work, key: str) -> bool:
    try:
        people.who(work.session, key, work.now)
    except UnauthenticatedError:
        return False
    return True


def _load_examples(runtime: Runtime, officers: Sequence[Actor]) -> None:
    """Let the officers submit the examples in turn, each unless it is there already."""
    paths = sorted(files.default_examples().glob("*.json"))
    for path, officer in zip(paths, cycle(officers), strict=False):
        with runtime.work(officer) as work:
            new = _application(path)
            known = applications.find(work, applications.Query(text=new.project_name)).items
            if new.credit_code not in {row.credit_code for row in known}:
                applications.create(work, new)


def _sign(runtime: Runtime) -> None:
    """Sign the ledger, where there is a key; a key that remembers another database is told of."""
    ledger.catch_up(runtime)
    try:
        ledger.checkpoint(runtime)
    except SignerRefusesError as error:
        console.note("demo.unsigned", because=error.figures["because"], file=runtime.settings.ledger_key_file)


def _application(path: Path) -> applications.NewApplication:
    read: Json = read_json(path.read_bytes())
    if not isinstance(read, dict) or not isinstance(read["facts"], dict):
        raise TypeError(path)
    code = read["project_code"]
    return applications.NewApplication(
        applicant_name=str(read["applicant_name"]),
        credit_code=str(read["credit_code"]),
        project_name=str(read["project_name"]),
        project_code=None if code is None else str(code),
        facts=read["facts"],
        draft=False,
    )


def _tell(address: str, residents: Sequence[_Resident]) -> None:
    said: Mapping[str, str] = sections("domain")[console.language()]
    known = console.words("demo.key_told")
    console.say("demo.people")
    rows = [
        (f"  {said[f'role_{one.person.role}']}", one.person.name, *filter(None, [one.login]), one.key or known)
        for one in residents
    ]
    for line in table(rows):
        click.echo(line)
    console.say("demo.addresses", address=address)
    console.say("demo.try", address=address, key=residents[0].key or "…")


def _keep(path: Path, address: str, residents: Sequence[_Resident]) -> None:
    """Put who there is, with keys, into a file that its owner alone may read; where that cannot be, say so."""
    told: Json = [
        {
            "id": str(one.actor.person_id),
            "name": one.person.name,
            "role": one.person.role.value,
            "department": one.person.department,
            "key": one.key,
        }
        for one in residents
    ]
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        keep_secret(fresh, write_json({"people": told}))
        fresh.replace(path)
    except OSError as error:
        console.note("demo.keys_not_kept", file=path, because=error.strerror)
    else:
        console.say("demo.keys_kept", file=path, address=address)
