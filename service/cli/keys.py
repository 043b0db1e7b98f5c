"""``sluice keys``: what other systems show for a person."""

from datetime import timedelta

import click

from service.actions import people
from service.cli import console
from service.cli.runtime import open_house
from service.cli.whom import person_id
from service.core.people import SYSTEM, Scope


@click.group("keys", cls=console.Group, help="help.keys")
def command() -> None:
    """Group the commands about keys."""


@command.command("issue", help="help.keys.issue")
@click.argument("person")
@click.option("--label", cls=console.Option, help="option.label")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    cls=console.Option,
    help="option.scope",
)
@click.option(
    "--days",
    type=click.IntRange(1, people.KEY_LIFETIME.days),
    default=people.KEY_LIFETIME.days,
    cls=console.Option,
    help="option.days",
)
@console.language_option
def issue(person: str, label: str | None, scopes: tuple[str, ...], days: int) -> None:
    """Issue a key to a person named by identifier or by name."""
    with open_house().work(SYSTEM) as work:
        wanted = tuple(Scope(scope) for scope in scopes) or None
        new = people.NewKey(label, wanted, work.now + timedelta(days=days))
        key = people.issue(work, person_id(work, person), new).text
    click.echo(key)
    console.note("keys.issued")


@command.command("rotate", help="help.keys.rotate")
@click.argument("key")
@click.option("--overlap-hours", type=int, default=24, cls=console.Option, help="option.overlap_hours")
@console.language_option
def rotate(key: str, overlap_hours: int) -> None:
    """Issue a key for the same in place of one named in full or by its identifier."""
    with open_house().work(SYSTEM) as work:
        new = people.rotate(work, None, _id_of(key), people.Rotation(overlap_hours)).text
    click.echo(new)
    console.note("keys.issued")


@command.command("list", help="help.keys.list")
@click.argument("person")
@console.language_option
def list_(person: str) -> None:
    """List a person's live keys, without their secrets."""
    with open_house().work(SYSTEM, read_only=True) as work:
        for key in people.find_keys(work, person_id(work, person)):
            scopes = ", ".join(people.scopes_of(key) or ("*",))
            console.say("keys.line", id=key.id, expires_on=key.expires_at.date(), scopes=scopes, label=key.label or "-")


@command.command("revoke", help="help.keys.revoke")
@click.argument("key")
@console.language_option
def revoke(key: str) -> None:
    """Revoke a key named in full or by its identifier."""
    with open_house().work(SYSTEM) as work:
        people.revoke_key(work, _id_of(key))
    console.say("keys.revoked")


def _id_of(key: str) -> str:
    parts = key.split("_")
    return parts[1] if len(parts) > 1 else key
