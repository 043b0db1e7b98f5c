"""``sluice evidence``: the store of papers, for whoever holds the machine."""

import click

from service.actions import evidence
from service.cli import console
from service.cli.runtime import open_house
from service.core.people import SYSTEM


@click.group("evidence", cls=console.Group, help="help.evidence")
def command() -> None:
    """Group the commands about papers."""


@command.command("check", help="help.evidence.check")
@console.language_option
def check() -> None:
    """Compare every paper of the database with the store; leave with 2 if one is not as it was stored."""
    with open_house().work(SYSTEM, read_only=True) as work:
        found = evidence.check(work)
    for paper in found.damaged:
        said = console.words(f"evidence.{paper.because}")
        console.say("evidence.damaged", case=paper.application_id, n=paper.n, sha256=paper.sha256, because=said)
    for name in found.orphans:
        console.say("evidence.orphan", name=name)
    console.note("evidence.checked", sound=found.sound, damaged=len(found.damaged), orphans=len(found.orphans))
    if found.damaged:
        raise click.exceptions.Exit(console.FAULTY)
