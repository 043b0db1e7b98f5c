"""``sluice ledger witness serve``: a witness on a machine of its own; no database and no setting of the service."""

import sqlite3
import time
from pathlib import Path

import click

from service import logs
from service.cli import console
from service.core.errors import MalformedError
from service.core.ledger.keys import KeyType, VerifierKey, read_vkey, write_vkey
from service.witness import keys, serving
from service.witness.app import make_app
from service.witness.memory import Memory
from service.witness.witness import Witness

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("serve", cls=console.Command, help="help.ledger.witness.serve")
@click.option("--key", "path", required=True, type=_FILE, cls=console.Option, help="option.witness_key")
@click.option("--log", "logs_", required=True, multiple=True, cls=console.Option, help="option.witness_log")
@click.option("--state", required=True, type=_FILE, cls=console.Option, help="option.witness_state")
@click.option("--bind", default="127.0.0.1:8100", show_default=True, cls=console.Option, help="option.bind")
@console.language_option
def command(path: Path, logs_: tuple[str, ...], state: Path, bind: str) -> None:
    """Serve until stopped."""
    cosigner = _key(path)
    known = tuple(_log(text) for text in logs_)
    memory = Memory(state)
    try:
        is_new = memory.prepare()
    except (sqlite3.Error, OSError):
        console.fail("ledger.witness_state", console.FAULTY, file=state)
    console.note("ledger.witness_serves", vkey=write_vkey(cosigner.key), bind=bind)
    if is_new:
        console.note("ledger.witness_new", file=state)
    logs.configure("info")
    serving.serve(make_app(Witness(cosigner, known, memory, lambda: int(time.time()))), bind)


def _key(path: Path) -> keys.Cosigner:
    try:
        return keys.read_key(path)
    except MalformedError as error:
        console.fail(f"ledger.witness_{error.figures['because']}", console.FAULTY, file=path)


def _log(text: str) -> VerifierKey:
    try:
        key = read_vkey(text)
    except MalformedError:
        key = None
    if key is None or key.type is not KeyType.LOG:
        console.fail("ledger.witness_log", console.FAULTY, text=text)
    return key
