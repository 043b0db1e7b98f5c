"""The database behind the commands that need it."""

from sqlalchemy.exc import OperationalError

from service.cli import console
from service.config import read_settings
from service.db import migrate
from service.work import Runtime, open_runtime


def open_house() -> Runtime:
    """Open the runtime on a database that is up to date; where it is not, say so, and leave."""
    runtime = open_runtime(read_settings())
    try:
        ready = migrate.at_head(runtime.engine)
    except OperationalError:
        ready = False
    if not ready:
        console.fail("database.behind", console.IMPOSSIBLE)
    return runtime
