"""``sluice rules release``: make a rules file an edition that applications are assessed by."""

from pathlib import Path

import click

from service.actions import ledger, rulebooks
from service.cli import console, files
from service.cli.runtime import open_house
from service.core.people import SYSTEM
from service.core.rules.releasing import examine, stopping


@click.command("release", cls=console.Command, help="help.rules.release")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@console.language_option
def command(path: Path) -> None:
    """Release a rules file as an edition, in the name of the machine."""
    source = path.read_bytes()
    if stopping(files.told(path, examine(source, files.examples(path)))):
        click.get_current_context().exit(console.FAULTY)
    runtime = open_house()
    with runtime.work(SYSTEM) as work:
        ledger.require_signer(work, runtime.signer)
        row = rulebooks.release(work, source)
    console.say("rules.released", id=row.id, edition=row.edition, on=row.in_force_from, sha256=row.sha256)
    included = ledger.include(runtime, work.entries)
    if included.indices:
        index = ", ".join(map(str, included.indices))
        console.say("ledger.included" if included.size else "ledger.in_tree", index=index, size=included.size or 0)
