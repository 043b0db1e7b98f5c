"""A witness as a process of its own, under gunicorn."""

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # it has no types

from service import logs

_SETTINGS = {
    "workers": 1,
    "threads": 4,
    "worker_class": "gthread",
    "keepalive": 75,
    "limit_request_fields": 64,
    "control_socket_disable": True,
    "logconfig_dict": logs.config("info"),
}


class Server(BaseApplication):  # type: ignore[misc]  # as above
    """Serves one application at one address until it is told to stop."""

    def __init__(self, app: Flask, bind: str) -> None:
        """Take what is served, and where (``127.0.0.1:8100``)."""
        self._app, self._bind = app, bind
        super().__init__()

    def load_config(self) -> None:
        """Set how gunicorn runs; no file and no variable is read."""
        for name, value in {"bind": self._bind, **_SETTINGS}.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Give what is served."""
        return self._app


def serve(app: Flask, bind: str) -> None:
    """Serve until stopped."""
    Server(app, bind).run()
