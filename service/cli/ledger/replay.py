"""``sluice ledger replay``: assess again what was assessed, from the facts and the rules that entries name."""

from collections import Counter
from typing import Final

import click

from service.actions import doctor
from service.actions.doctor import Verdict, entries
from service.cli import console
from service.cli.runtime import INSPECTING, open_house
from service.words import sentence

_DIFFERENT: Final = 1
_INCOMPLETE: Final = 2


@click.command("replay", cls=console.Command, help="help.ledger.replay")
@console.language_option
def command() -> None:
    """Assess again and compare byte for byte; leave with 1 on a difference, 2 where something cannot be assessed."""
    with open_house().work(INSPECTING, read_only=True) as work:
        replayed = tuple(doctor.replay(work, entries.read(work.session).found))
    for one in replayed:
        if one.verdict is not Verdict.EQUAL:
            _say(one.verdict.value, entry=one.entry, application=one.application, n=one.n, because=one.because)
    count = Counter(one.verdict for one in replayed)
    _say("replayed", **{verdict.value: count[verdict] for verdict in Verdict})
    if count[Verdict.DIFFERENT]:
        raise click.exceptions.Exit(_DIFFERENT)
    if count[Verdict.NOT_REPLAYABLE]:
        raise click.exceptions.Exit(_INCOMPLETE)


def _say(code: str, **figures: object) -> None:
    click.echo(sentence(console.language(), "doctor", code, figures))
