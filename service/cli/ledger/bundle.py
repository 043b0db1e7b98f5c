"""``sluice ledger bundle``: the bundle of one case in a file, for an inspector to take away."""

from pathlib import Path

import click

from service import outbound
from service.actions import bundles
from service.archives import zipped
from service.cli import console
from service.cli.ledger.kept import CHECKPOINT, read_kept
from service.cli.runtime import INSPECTING, open_house
from service.placing import place


@click.command("bundle", cls=console.Command, help="help.ledger.bundle")
@click.argument("number")
@click.option(
    "--out",
    "path",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    cls=console.Option,
    help="option.bundle_out",
)
@click.option("--checkpoint", "kept", type=CHECKPOINT, cls=console.Option, help="option.bundle_checkpoint")
@console.language_option
def command(number: str, path: Path, kept: Path | None) -> None:
    """Write the bundle of a case: whole, or not at all. That it was made is an entry of the case."""
    runtime = open_house()
    size = None if kept is None else read_kept(kept).size
    with runtime.work(INSPECTING) as work:
        asked = bundles.read(work, bundles.case_of(work, number), size, signs=runtime.signer is not None)
    made = bundles.compiled(runtime, asked, outbound.post)
    place(path, zipped(made.packed))
    console.say("ledger.bundled", number=number, file=path, size=made.size)
    for sha256, because in made.missing.items():
        console.note("ledger.bundle_lacks", sha256=sha256, because=console.words(f"ledger.lost.{because}"))
