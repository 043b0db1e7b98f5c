"""``sluice rules release``: make a rules file an edition that applications are assessed by."""

from pathlib import Path

import click

from service.actions import ledger, rulebooks
from service.cli import console, files
from service.cli.runtime import open_house
from service.core.people import SYSTEM


@click.command("release", cls=console.Command, help="help.rules.release")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@console.language_option
def command(path: Path) -> None:
    """Release a rules file as an edition, in the name of the machine."""
    if files.stopping(files.checked(path)):
        click.get_current_context().exit(console.FAULTY)
    runtime = open_house()
    with runtime.work(SYSTEM) as work:
        ledger.require_signer(work, runtime.signer)
        row = rulebooks.release(work, path.read_bytes())
    console.say("rules.released", id=row.id, edition=row.edition, on=row.in_force_from, sha256=row.sha256)
    included = ledger.include(runtime, work.entries)
    if included.indices:
        index = ", ".join(map(str, included.indices))
        console.say("ledger.included" if included.size else "ledger.in_tree", index=index, size=included.size or 0)
