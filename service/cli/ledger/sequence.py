"""``sluice ledger sequence``: put what waits into the tree and sign it, once or again and again."""

import logging
import time

import click
from sqlalchemy.exc import SQLAlchemyError

from service import logs, outbound
from service.actions import ledger
from service.cli import console
from service.cli.ledger import outside
from service.cli.ledger.witness import ask
from service.cli.runtime import open_house
from service.core.errors import SluiceError
from service.work import Runtime

_LOG = logging.getLogger(__name__)


@click.command("sequence", cls=console.Command, help="help.ledger.sequence")
@click.option("--every", type=click.FloatRange(min=0.05), cls=console.Option, help="option.every")
@console.language_option
def command(every: float | None) -> None:
    """Tend the ledger once, or until stopped; then whatever goes wrong is told by the log, and tried again."""
    runtime = open_house()
    if every is None:
        signed = ledger.tend(runtime)
        console.say("ledger.signed" if signed is not None else "ledger.unsigned", size=getattr(signed, "size", 0))
        _tell_others(runtime)
        return
    logs.configure(runtime.settings.log_level)
    outside.start(runtime, every)
    while True:
        _tend(runtime)
        time.sleep(every)


def _tend(runtime: Runtime) -> None:
    try:
        ledger.tend(runtime)
    except (SluiceError, SQLAlchemyError) as error:
        _LOG.warning("the ledger was not tended", exc_info=error)


def _tell_others(runtime: Runtime) -> None:
    for asked in ledger.cosign(runtime, outbound.post):
        ask.tell(asked)
    anchored = ledger.anchor(runtime, outbound.post)
    if anchored.because is not None:
        console.note("ledger.not_anchored", because=ask.reason(anchored.because))
    elif anchored.size:
        console.say("ledger.anchored", size=anchored.size)
