"""The application lent to one test after another: making it takes longer than most of what is asked of it."""

from dataclasses import replace
from typing import Final

from flask import Flask

from service.app import create_app
from service.config import Settings
from service.web import process
from service.work import Runtime

_MADE: Final[dict[Settings, Flask]] = {}


def lent(runtime: Runtime) -> Flask:
    """Give the application of these settings over a runtime, until it is lent again. It goes on counting.

    Whoever changes it, looks at its counts or wants two of them at once makes their own.
    """
    settings = replace(runtime.settings, database_url="", evidence_folder="", ledger_key_file="")
    if settings not in _MADE:
        _MADE[settings] = create_app(runtime)
    process.hold(_MADE[settings], runtime)
    return _MADE[settings]
