"""Column types that keep what SQLite would lose: the time zone of a moment and the digits of a decimal."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, Numeric, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from service.core.values import number_text

_TEXT: Final[TypeEngine[Any]] = Text()
_NUMERIC: Final[TypeEngine[Any]] = Numeric()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC with microseconds. Raises ``ValueError`` for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment in UTC; SQLite keeps it without its zone."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(value)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal by value, with every digit: text on SQLite, ``numeric`` on PostgreSQL.

    Comes back without trailing zeros or exponent on both. Raises ``TypeError`` for a float or anything else that is
    no ``Decimal``, ``ValueError`` for NaN and infinities.
    """

    impl = Numeric()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose text on SQLite, whose NUMERIC would be a float."""
        return dialect.type_descriptor(_TEXT if dialect.name == "sqlite" else _NUMERIC)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | str | None:
        """Spell the number by value."""
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(type(value))
        if not value.is_finite():
            raise ValueError(value)
        text = number_text(value)
        return text if dialect.name == "sqlite" else Decimal(text)

    def process_result_value(self, value: Decimal | str | None, dialect: Dialect) -> Decimal | None:
        """Give the number back."""
        del dialect
        return None if value is None else Decimal(value)
