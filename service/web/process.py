"""What the process holds for its requests."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

from service.work import Runtime

_NAME = "sluice"


class Application(Flask):
    """An application whose functions are all plain ones: nobody looks again and again whether one would wait."""

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
