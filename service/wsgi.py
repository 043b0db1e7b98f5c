"""What a WSGI server runs: the application of this process, from its settings, with the edition in force ready."""

from flask import Flask

from service import logs
from service.app import create_app
from service.config import read_settings
from service.web import counting, health
from service.web.limits import Limits
from service.work import open_runtime


def make() -> Flask:
    """Make the application. The edition in force is compiled now, before a server makes workers of this process."""
    settings = read_settings()
    logs.configure(settings.log_level)
    runtime = open_runtime(settings)
    app = create_app(runtime, Limits())
    counting.watch_connections(app, runtime.engine)
    health.warm(runtime)
    return app


app = make()
