"""``sluice keys``: what other systems show for a person."""

import click

from service.actions import people
from service.cli import console
from service.cli.runtime import open_house
from service.cli.whom import person_id
from service.core.people import SYSTEM


@click.group("keys", cls=console.Group, help="help.keys")
def command() -> None:
    """Group the commands about keys."""


@command.command("issue", help="help.keys.issue")
@click.argument("person")
@console.language_option
def issue(person: str) -> None:
    """Issue a key to a person named by identifier or by name."""
    with open_house().work(SYSTEM) as work:
        key = people.issue_key(work, person_id(work, person))
    click.echo(key)
    console.note("keys.issued")


@command.command("list", help="help.keys.list")
@click.argument("person")
@console.language_option
def list_(person: str) -> None:
    """List a person's live keys, without their secrets."""
    with open_house().work(SYSTEM, read_only=True) as work:
        for key in people.find_keys(work, person_id(work, person)):
            console.say("keys.line", id=key.id, expires_on=key.expires_at.date())


@command.command("revoke", help="help.keys.revoke")
@click.argument("key")
@console.language_option
def revoke(key: str) -> None:
    """Revoke a key named in full or by its identifier."""
    parts = key.split("_")
    with open_house().work(SYSTEM) as work:
        people.revoke_key(work, parts[1] if len(parts) > 1 else key)
    console.say("keys.revoked")
