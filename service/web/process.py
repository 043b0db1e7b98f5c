"""What the process holds for its requests."""

from collections.abc import Callable
from typing import Any, Final

from flask import Flask, current_app
from werkzeug.routing import IntegerConverter

from service.work import Runtime

_NAME = "sluice"
# The greatest number that a database keeps in the columns that addresses name.
LARGEST: Final = 2**31 - 1
_MOST_DIGITS: Final = 10


class Number(IntegerConverter):
    """A number in an address, in its one spelling; a greater one than a database keeps is the number of nothing."""

    regex = "(?:0|[1-9][0-9]*)"

    def to_python(self, value: str) -> int:
        """Read it; beyond the greatest every number is as good as that one, which nothing has."""
        return min(int(value), LARGEST) if len(value) <= _MOST_DIGITS else LARGEST


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
