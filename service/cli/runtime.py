"""The database behind the commands that need it."""

from dataclasses import replace
from typing import Final

import click
from sqlalchemy.exc import OperationalError

from service.cli import console
from service.config import Settings, read_settings
from service.core.people import SYSTEM, Role
from service.db import migrate
from service.work import Runtime, open_runtime

# Whoever holds the machine, where they look into the ledger; what they take away is recorded as taken by the system.
INSPECTING: Final = replace(SYSTEM, roles=frozenset({Role.AUDITOR}))


def open_house() -> Runtime:
    """Open the runtime on a database that is up to date; where it is not, say so, and leave."""
    runtime = opened(read_settings())
    try:
        ready = migrate.at_head(runtime.engine)
    except OperationalError:
        ready = False
    if not ready:
        console.fail("database.behind", console.IMPOSSIBLE)
    return runtime


def opened(settings: Settings) -> Runtime:
    """Open the runtime for as long as the command runs."""
    runtime = open_runtime(settings)
    click.get_current_context().call_on_close(runtime.engine.dispose)
    return runtime
