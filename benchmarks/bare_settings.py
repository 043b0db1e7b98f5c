"""gunicorn for ``bare.py``: the settings of the service, without what knows the service."""

import runpy
from pathlib import Path
from typing import Any

_OWN = {"wsgi_app", "post_fork", "child_exit", "on_exit"}
_SETTINGS: dict[str, Any] = runpy.run_path(str(Path(__file__).parent.parent / "gunicorn.conf.py"))

globals().update({name: value for name, value in _SETTINGS.items() if name not in _OWN and not name.startswith("_")})
wsgi_app = "benchmarks.bare:app"
