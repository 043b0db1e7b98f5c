"""What a WSGI server runs: the application of this process, from its settings, with the edition in force ready."""

from flask import Flask

from service import logs
from service.app import create_app
from service.config import read_settings
from service.web import health
from service.work import open_runtime


def make() -> Flask:
    """Make the application. The edition in force is compiled now, before a server makes workers of this process."""
    settings = read_settings()
    logs.configure(settings.log_level)
    runtime = open_runtime(settings)
    health.warm(runtime)
    return create_app(runtime)


app = make()
