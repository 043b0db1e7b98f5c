import json
import subprocess
import sys
from typing import Any

import pytest

from service import logs

OURS = """
import structlog
from service import logs
logs.configure("info")
with structlog.contextvars.bound_contextvars(request_id="r-1"):
    structlog.get_logger("service.web").info("answered", status=200, path="/v1/申报")
structlog.get_logger("service.web").debug("not worth a line")
"""

THEIRS = """
import logging
from service import logs
logs.configure("info")
logging.getLogger("sqlalchemy.pool").warning("lost %s", "one", extra={"pool": 3})
"""

GUNICORN = """
from gunicorn.config import Config
from gunicorn.glogging import Logger
from service import logs
chosen = Config()
chosen.set("accesslog", "-")
chosen.set("logconfig_dict", logs.config("info"))
logger = Logger(chosen)
logger.info("Listening at: %s", "http://127.0.0.1:8000")
logger.access_log.info('"GET /healthz" 200')
"""

FAILING = """
import structlog
from service import logs
logs.configure("info")
password = "hunter2"
try:
    raise ValueError("postgresql://sluice:hunter2@db/sluice")
except ValueError:
    structlog.get_logger("service.web").exception("failed")
"""


def lines(program: str) -> list[dict[str, Any]]:
    """What a program says on stderr, line by line; on stdout it says nothing."""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == ""
    return [json.loads(line) for line in ran.stderr.splitlines()]


def test_a_line_is_json_with_the_request_it_belongs_to() -> None:
    (line,) = lines(OURS)
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "answered",
        "level": "info",
        "logger": "service.web",
        "path": "/v1/申报",
        "request_id": "r-1",
        "status": 200,
    }


def test_a_librarys_line_looks_like_ours() -> None:
    (line,) = lines(THEIRS)
    assert (line["event"], line["level"], line["logger"], line["pool"]) == ("lost one", "warning", "sqlalchemy.pool", 3)


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_libraries_tell_neither_rows_nor_statements_nor_the_paths_of_webhooks(level: str) -> None:
    program = f"""
import logging
from service import logs
logs.configure("{level}")
for name in ("sqlalchemy.engine.Engine", "sqlalchemy.pool", "alembic.runtime.plugins"):
    logging.getLogger(name).info("SELECT 1")
    logging.getLogger(name).debug("Row (1,)")
logging.getLogger("urllib3.connectionpool").debug("POST /hook")
logging.getLogger("sqlalchemy.pool").error("lost")
"""
    assert [line["event"] for line in lines(program)] == ["lost"]


def test_gunicorns_lines_look_like_ours_and_come_once() -> None:
    started, asked = lines(GUNICORN)
    assert (started["logger"], started["event"]) == ("gunicorn.error", "Listening at: http://127.0.0.1:8000")
    assert (asked["logger"], asked["event"]) == ("gunicorn.access", '"GET /healthz" 200')


def test_an_error_is_told_with_its_trace_but_no_password_and_no_variable() -> None:
    (line,) = lines(FAILING)
    assert "ValueError: postgresql://sluice:[hidden]@db/sluice" in line["exception"]
    assert "hunter2" not in json.dumps(line)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("key slc_abcd2345_s3cr3t was shown", "key slc_abcd2345_[hidden] was shown"),
        ("Authorization: Bearer abc.def.ghi", "Authorization: Bearer [hidden]"),
        ("Basic dXNlcjpwdw==", "Basic [hidden]"),
        ("Authorization: Digest a b", "Authorization: Digest [hidden]"),
        ("authorization:abc", "authorization:[hidden]"),
        ("Set-Cookie: sluice=abc; Path=/", "Set-Cookie: [hidden]"),
        ("signed with whsec_c2VjcmV0", "signed with whsec_[hidden]"),
        ("GET /v1/meta?access_token=abc&limit=3", "GET /v1/meta?access_token=[hidden]&limit=3"),
        ("postgresql://sluice:pä55@db:5432/x", "postgresql://sluice:[hidden]@db:5432/x"),
        ("https://zone.example/v1/applications?after=2026", "https://zone.example/v1/applications?after=2026"),
        ("2026-0042 submitted", "2026-0042 submitted"),
    ],
)
def test_what_opens_a_door_is_hidden_and_nothing_else(said: str, kept: str) -> None:
    assert logs.hide(said) == kept


def test_a_secret_is_hidden_by_its_name_wherever_it_stands() -> None:
    program = """
from service import logs
import structlog
logs.configure("info")
structlog.get_logger("x").info("called", api_key="k1", headers={"Authorization": "k2", "n": [1, "slc_abcd2345_k3"]})
"""
    (line,) = lines(program)
    assert line["api_key"] == "[hidden]"
    assert line["headers"] == {"Authorization": "[hidden]", "n": [1, "slc_abcd2345_[hidden]"]}


def test_no_part_of_an_access_token_is_written() -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl-_"  # noqa: S105 - nobody's
    assert logs.hide(f"refused {token}, again") == f"refused {logs.HIDDEN}, again"
