"""Looking into the bytes of entries from SQL: they have one spelling, so that what they say stands where it must."""

from typing import Any, Final

from sqlalchemy import ColumnElement, LargeBinary, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Integer

from service.db.ledger import LedgerEvent

# ``actor`` is the first member of an entry and ``ref`` the first of that; no text can hold a quote as it is.
_ACTOR: Final = b'{"actor":{"ref":"%s"'
_AT: Final = b'"at":"'
_ID: Final = b'"id":"%s"'
_MOMENT_LENGTH: Final = len("2026-11-23T10:15:30.123456Z")


class _PlaceOf(FunctionElement[int]):
    """Where bytes begin in others, from 1; 0 where they do not stand in them."""

    name = "place_of"
    inherit_cache = True
    type = Integer()


@compiles(_PlaceOf, "sqlite")
def _in_sqlite(element: _PlaceOf, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the library's
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(_PlaceOf, "postgresql")
def _in_postgresql(element: _PlaceOf, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the library's
    whole, part = (compiler.process(clause, **options) for clause in element.clauses)
    return f"position({part} IN {whole})"


def is_of_actor(ref: str) -> ColumnElement[bool]:
    """Say of which entries the actor is the one of this reference."""
    start = _ACTOR % ref.encode()
    return func.substr(LedgerEvent.canon, 1, len(start), type_=LargeBinary) == literal(start, LargeBinary)


def told_at() -> ColumnElement[bytes]:
    """Give the moment an entry tells, as it is spelled: in the order of time."""
    found = _PlaceOf(LedgerEvent.canon, literal(_AT, LargeBinary))
    return func.substr(LedgerEvent.canon, found + len(_AT), _MOMENT_LENGTH, type_=LargeBinary)


def holds_id(identifier: str) -> ColumnElement[bool]:
    """Say which entries hold an identifier as somebody's ``id``; their own is one of several."""
    return _PlaceOf(LedgerEvent.canon, literal(_ID % identifier.encode(), LargeBinary)) > 0
