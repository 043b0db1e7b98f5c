"""Whether the service is alive, whether it can work, and which version it is."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from importlib.metadata import version
from types import MappingProxyType
from typing import Any, Final

from flask import Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from service.actions import rulebooks, webhooks
from service.core.errors import SluiceError
from service.core.people import SYSTEM
from service.core.values import write_json
from service.db import migrate
from service.web.endpoints import OpenEndpoint
from service.web.errors import NotReadyError
from service.web.headers import request_id
from service.web.problems import JSON_TYPE
from service.web.process import runtime
from service.web.routes import Routes
from service.work import Runtime

VERSION: Final = version("sluice")

routes = Routes("health", ("运行状况", "Health"), prefix="")

_STATUS_SHAPE: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"const": "ok"}},
}
_VERSION_SHAPE: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["name", "version"],
    "properties": {"name": {"const": "sluice"}, "version": {"type": "string"}},
}


@routes.open(
    OpenEndpoint(
        path="/healthz", title=("是否在运行", "Is it alive"), media_type=JSON_TYPE, shape=_STATUS_SHAPE, unlimited=True
    )
)
def healthz() -> Response:
    """Answer as long as the process does; it asks nothing of the database."""
    return _json(write_json({"status": "ok"}))


@routes.open(
    OpenEndpoint(
        path="/readyz",
        title=("能否办理", "Can it work"),
        media_type=JSON_TYPE,
        shape=_STATUS_SHAPE,
        refuses=(NotReadyError,),
        unlimited=True,
    )
)
def readyz() -> Response:
    """Answer 503 and name the first thing that is not as it must be: database, migrations, rulebook, outbox."""
    for name, holds in CHECKS.items():
        _require(name, holds)
    return _json(write_json({"status": "ok"}))


@routes.open(OpenEndpoint(path="/version", title=("版本", "Which version"), media_type=JSON_TYPE, shape=_VERSION_SHAPE))
def version_() -> Response:
    """Name the version that runs."""
    return _json(write_json({"name": "sluice", "version": VERSION}))


def warm(held: Runtime) -> None:
    """Make the engine of the edition in force ready. A database that is not ready yet is no reason not to start."""
    with suppress(SQLAlchemyError, SluiceError), held.work(SYSTEM, read_only=True) as work:
        rulebooks.in_force(work, work.today).prepare()
    held.engine.dispose()


def _reaches_database(held: Runtime) -> bool:
    with held.engine.connect() as connection:
        return bool(connection.exec_driver_sql("SELECT 1").scalar())


def _is_migrated(held: Runtime) -> bool:
    return migrate.at_head(held.engine)


def _sends(held: Runtime) -> bool:
    """Whether what is due to others is sent in time."""
    most = held.settings.ready_outbox_seconds
    with held.work(SYSTEM, read_only=True) as work:
        return most == 0 or webhooks.waiting(work).oldest_seconds <= most


def _has_rulebook(held: Runtime) -> bool:
    with held.work(SYSTEM, read_only=True) as work:
        return bool(rulebooks.in_force(work, work.today).rulebook.sha256)


CHECKS: Final[Mapping[str, Callable[[Runtime], bool]]] = MappingProxyType(
    {"database": _reaches_database, "migrations": _is_migrated, "rulebook": _has_rulebook, "outbox": _sends}
)


def standing(held: Runtime) -> dict[str, bool]:
    """Say of everything that must be as it must whether it is."""
    return {name: _holds(held, holds) for name, holds in CHECKS.items()}


def _holds(held: Runtime, holds: Callable[[Runtime], bool]) -> bool:
    try:
        return holds(held)
    except (SQLAlchemyError, SluiceError):
        return False


def _require(name: str, holds: Callable[[Runtime], bool]) -> None:
    try:
        if holds(runtime()):
            return
    except (SQLAlchemyError, SluiceError) as error:
        current_app.logger.warning("not ready", exc_info=error, extra={"check": name, "request_id": request_id()})
        raise NotReadyError(check=name) from error
    raise NotReadyError(check=name)


def _json(text: str) -> Response:
    return Response(text, HTTPStatus.OK, mimetype=JSON_TYPE)
