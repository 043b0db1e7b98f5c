"""A PostgreSQL database with the roles of production, under names of their own."""

import atexit
import itertools
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from service.db import migrate
from service.db.engine import make_engine
from tests import databases

NAMES: Final = ("owner", "app", "sequencer", "reader")
_PASSWORD: Final = "tests-only"  # noqa: S105 - of roles that go with the test
_COUNT = itertools.count(1)


@dataclass(frozen=True)
class Guarded:
    """A database and what belongs to each role's name in it."""

    engine: Engine
    mark: str

    def name(self, role: str) -> str:
        """The name a role has in this test."""
        return f"sluice_{role}_{self.mark}"

    def as_(self, role: str) -> Engine:
        """Connect as a role, with its own password."""
        url = self.engine.url.set(username=self.name(role), password=_PASSWORD)
        return make_engine(url.render_as_string(hide_password=False))

    def owning(self) -> Engine:
        """Connect the way migrations do: as somebody who may act for the owner."""
        url = self.engine.url.update_query_dict({"options": f"-c role={self.name('owner')}"})
        return make_engine(url.render_as_string(hide_password=False))

    def grant(self) -> None:
        """Run ``migrations/roles.sql``."""
        text = (migrate.FOLDER / "roles.sql").read_text("utf-8")
        text = re.sub(rf"\bsluice_({'|'.join(NAMES)})\b", lambda found: self.name(found[1]), text)
        run(self.engine, text)


@contextmanager
def guarded() -> Iterator[Guarded]:
    """Give a database of its own with roles of its own; the roles go when their database has gone."""
    mark = f"{os.getpid()}_{next(_COUNT)}"
    with databases.fresh("postgresql") as template:
        atexit.register(_drop, template.url, mark)
        with databases.copied(template) as engine:
            made = Guarded(engine, mark)
            made.grant()
            for role in NAMES[1:]:
                run(engine, f"ALTER ROLE {made.name(role)} PASSWORD '{_PASSWORD}'")
            yield made


def run(engine: Engine, script: str) -> None:
    """Run a script of many statements, the way psql does."""
    owner = create_engine(databases.text_of(engine), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with owner.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(script)


def _drop(url: URL, mark: str) -> None:
    server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        for role in reversed(NAMES):
            connection.exec_driver_sql(f"DROP ROLE IF EXISTS sluice_{role}_{mark}")
