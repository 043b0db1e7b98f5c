"""What the process holds for its requests."""

from collections.abc import Callable
from typing import Any, Final

from flask import Flask, current_app
from werkzeug.routing import IntegerConverter

from service.work import Runtime

_NAME = "sluice"
# The greatest number that a database keeps in the columns that addresses name.
_MOST: Final = 2**31 - 1
_MOST_DIGITS: Final = 10


class Number(IntegerConverter):
    """A number in an address; a greater one than a database keeps is the number of nothing."""

    def to_python(self, value: str) -> int:
        """Read it; beyond the greatest every number is as good as that one, which nothing has."""
        digits = value.lstrip("0") or "0"
        return min(int(digits), _MOST) if len(digits) <= _MOST_DIGITS else _MOST


class Application(Flask):
    """An application whose functions are all plain ones: nobody looks again and again whether one would wait."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - the framework's
        """Start with numbers in addresses that every database keeps."""
        super().__init__(*args, **options)
        self.url_map.converters["int"] = Number

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function as it is."""
        return func


def hold(app: Flask, runtime: Runtime) -> None:
    """Give an application the runtime its requests work with."""
    app.extensions[_NAME] = runtime


def runtime() -> Runtime:
    """Give the runtime of the application that answers this request."""
    found: Runtime = current_app.extensions[_NAME]
    return found
