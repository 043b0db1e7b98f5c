"""``sluice people``: who may do what."""

import sys
from dataclasses import replace
from uuid import UUID

import click

from service.actions import people, sign_in
from service.cli import console
from service.cli.columns import table
from service.cli.runtime import open_house
from service.cli.whom import person_id
from service.core.people import SYSTEM, Role
from service.words import sections


@click.group("people", cls=console.Group, help="help.people")
def command() -> None:
    """Group the commands about people."""


@command.command("add", help="help.people.add")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    cls=console.Option,
    help="option.role",
)
@click.option("--department", cls=console.Option, help="option.department")
@console.language_option
def add(name: str, roles: tuple[str, ...], department: str | None) -> None:
    """Add a person."""
    with open_house().work(SYSTEM) as work:
        person = people.add(work, name, [Role(role) for role in roles], department)
        console.say("people.added", name=person.name, id=person.id)


@command.command("roles", help="help.people.roles")
@click.argument("person")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    cls=console.Option,
    help="option.role",
)
@console.language_option
def roles_(person: str, roles: tuple[str, ...]) -> None:
    """Let somebody, named by identifier or by name, hold these roles and no others."""
    said = sections("domain")[console.language()]
    with open_house().work(SYSTEM) as work:
        found = people.get(work, person_id(work, person))
        changed = people.set_roles(replace(work, expects=found.version), found.id, [Role(role) for role in roles])
        held = ", ".join(said[f"role_{role}"] for role in changed.roles)
        console.say("people.roles_set", name=changed.person.name, roles=held)


@command.command("erase", help="help.people.erase")
@click.argument("person", type=click.UUID)
@console.language_option
def erase(person: UUID) -> None:
    """Erase what is personal of somebody."""
    with open_house().work(SYSTEM) as work:
        console.say("people.erased", id=people.erase(work, person).id)


@command.command("login", help="help.people.login")
@click.argument("person")
@click.argument("login")
@console.language_option
def login(person: str, login: str) -> None:
    """Let somebody, named by identifier or by name, sign in to the pages under a name of their own."""
    with open_house().work(SYSTEM) as work:
        named = sign_in.set_login(work, person_id(work, person), login)
        console.say("people.login_set", name=named.name, login=named.login)


@command.command("password", help="help.people.password")
@click.argument("person")
@console.language_option
def password(person: str) -> None:
    """Give somebody a password, typed twice at a terminal, or the first line of what comes in."""
    house = open_house()
    with house.work(SYSTEM, read_only=True) as work:
        found = person_id(work, person)
    chosen = _typed() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    with house.work(SYSTEM) as work:
        sign_in.set_password(work, found, chosen)
    console.note("people.password_set")


@command.command("list", help="help.people.list")
@console.language_option
def list_() -> None:
    """List everybody with their roles and departments."""
    said = sections("domain")[console.language()]
    with open_house().work(SYSTEM, read_only=True) as work:
        rows = [
            (
                str(person.id),
                person.name,
                person.department or "-",
                ", ".join(said[f"role_{role}"] for role in Role if role in roles),
            )
            for person, roles in people.find(work)
        ]
    for line in table(rows):
        click.echo(line)


def _typed() -> str:
    typed: str = click.prompt(
        console.words("people.password"),
        hide_input=True,
        confirmation_prompt=console.words("people.password_again"),
        err=True,
    )
    return typed
