"""What the process holds for its requests."""

from flask import Flask, current_app

from service.work import Runtime

_NAME = "sluice"


def hold(app: Flask, runtime: Runtime) -> None:
    """Give an application the runtime its requests work with."""
    app.extensions[_NAME] = runtime


def runtime() -> Runtime:
    """Give the runtime of the application that answers this request."""
    found: Runtime = current_app.extensions[_NAME]
    return found
