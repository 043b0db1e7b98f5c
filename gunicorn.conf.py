"""How gunicorn runs the service: threads in a few processes, each with connections of its own.

Workers and threads come from the settings; ``docs/operations.md`` explains them.
"""

import gc
from typing import Any

from gunicorn import util
from gunicorn.glogging import Logger
from gunicorn.http import wsgi

from service import logs
from service.config import read_settings
from service.web import gathering, unreadable

gathering.share()
_SETTINGS = read_settings()

wsgi_app = "service.wsgi:app"
worker_class = "gthread"
workers = _SETTINGS.workers
threads = _SETTINGS.threads
preload_app = True
graceful_timeout = 30
timeout = 60
keepalive = 5

# Requests larger than these are refused before the service sees them.
limit_request_line = unreadable.LONGEST_LINE
limit_request_fields = unreadable.MOST_HEADERS
limit_request_field_size = unreadable.LONGEST_LINE


class Log(Logger):
    """The log of the server, without a line for each request."""

    def access(self, *_args: Any) -> None:  # noqa: ANN401 - gunicorn's objects have no types
        """Write nothing: what a request did is in the ledger."""


class Answer(wsgi.Response):  # type: ignore[misc]  # gunicorn has no types
    """An answer that does not say what it was served by."""

    def default_headers(self) -> list[str]:
        """Give the headers of the connection."""
        return [line for line in super().default_headers() if not line.startswith("Server:")]


def write_error(client: Any, status: int, reason: str, _message: str) -> None:  # noqa: ANN401 - may be a TLS socket
    """Answer what cannot be read as everything else is answered."""
    unreadable.write(client, status, reason, _SETTINGS.language)


wsgi.Response = Answer
util.write_error = write_error

logger_class = Log
logconfig_dict = logs.config(_SETTINGS.log_level)
control_socket_disable = True


def when_ready(_server: Any) -> None:  # noqa: ANN401 - gunicorn's objects have no types
    """Leave what is loaded out of every later search for garbage: workers share it, and neither move nor free it."""
    gc.collect()
    gc.freeze()


def post_fork(_server: Any, worker: Any) -> None:  # noqa: ANN401 - gunicorn's objects have no types
    """Forget connections of the parent process without closing them: they are not this worker's."""
    worker.app.wsgi().extensions["sluice"].engine.dispose(close=False)


def child_exit(_server: Any, worker: Any) -> None:  # noqa: ANN401 - gunicorn's objects have no types
    """Count no longer what a worker that has ended was at."""
    gathering.forget(worker.pid)


def on_exit(_server: Any) -> None:  # noqa: ANN401 - gunicorn's objects have no types
    """Leave nothing behind."""
    gathering.end()
