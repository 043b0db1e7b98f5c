"""The answers that the documentation shows: asked for where nothing happened but what they need.

``python -m tests.api.shown`` writes them to where ``service.web.shown`` reads them.
"""

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from werkzeug.test import TestResponse

from service.app import ROUTES
from service.core.people import PERMISSIONS, Role
from service.web.endpoints import Endpoint, OpenEndpoint
from service.web.shown import FILE
from tests import busy, databases, make
from tests.api.calling import Caller, Http, open_http
from tests.api.samples import SAMPLES, prepare
from tests.conftest import Clock, service

ENDPOINTS: Final = {
    name: found
    for routes in ROUTES
    for name, found in routes.endpoints.items()
    if isinstance(found, Endpoint) or found.media_type == "application/json"
}

_FILE = Path(__file__).parent.parent.parent / "service" / "web" / FILE
# What is read at the address where something was just done.
_AFTER = {"opinions.find_opinions": "opinions.give_opinion", "meetings.find_recusals": "meetings.recuse"}

_LONGEST_TEXT = 300
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECRET = re.compile(r"(slc_|whsec_)[A-Za-z0-9_+/=-]+")


@dataclass(frozen=True)
class Houses:
    """A service in which nothing has happened yet, and one in which everything has."""

    new: Http
    busy: Http

    def of(self, name: str) -> Http:
        """Choose where an operation is asked: what needs nothing made for it shows what is there."""
        sample = SAMPLES.get(name)
        is_overview = sample is not None and sample.state is None and sample.make is None
        return self.busy if is_overview and getattr(ENDPOINTS[name], "method", "") == "GET" else self.new


@contextmanager
def opened(folder: Path) -> Iterator[Houses]:
    """Open both."""
    with databases.fresh("sqlite") as one, databases.fresh("sqlite") as other:
        new, full = (
            make.house(service(engine, Clock(), _made(folder / str(n)))) for n, engine in enumerate((one, other))
        )
        busy.make_busy(full)
        yield Houses(open_http(new), open_http(full))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def asked(houses: Houses, name: str) -> object:
    """Ask for the answer of an operation, cut down to what documentation needs; None if it is no JSON."""
    response = _response(houses.of(name), name)
    if response.mimetype != "application/json":
        return None
    found: Any = json.loads(response.text)
    return _named_anew(_cut(found))


def _response(http: Http, name: str) -> TestResponse:
    declared = ENDPOINTS[name]
    if isinstance(declared, OpenEndpoint):
        return http.nobody.get(declared.path)
    if name in _AFTER:
        return _response_after(http, name)
    response = prepare(http, _caller(http, declared), name, declared).send()
    assert response.status_code == declared.status, (name, response.text)
    return response


def _response_after(http: Http, name: str) -> TestResponse:
    """Ask when there is something to see."""
    deed = ENDPOINTS[_AFTER[name]]
    assert isinstance(deed, Endpoint)
    done = prepare(http, _caller(http, deed), _AFTER[name], deed)
    assert done.send().status_code == deed.status, name
    return http.auditor.get(done.path)


def _caller(http: Http, declared: Endpoint) -> Caller:
    """Choose somebody who may: for reading somebody who has been here, and sees what has happened."""
    may = PERMISSIONS[declared.permission]
    known = (http.auditor, http.member, http.chair, http.admin) if declared.method == "GET" else ()
    seeing = [caller for caller in known if caller.actor is not None and caller.actor.roles & may]
    return seeing[0] if seeing else http.newcomer(next(role for role in Role if role in may))


def _cut(found: Any) -> Any:  # noqa: ANN401 - any JSON
    """Keep one item of every list, and the beginning of long texts."""
    if isinstance(found, dict):
        return {name: _cut(value) for name, value in found.items()}
    if isinstance(found, list):
        return [_cut(item) for item in found[:1]]
    return f"{found[:_LONGEST_TEXT]}…" if isinstance(found, str) and len(found) > _LONGEST_TEXT else found


def _named_anew(found: object) -> object:
    """Give identifiers that are the same every time, and no secret."""
    names: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        return names.setdefault(match[0], f"019ab2f0-5a1c-7d3e-8f00-{len(names) + 1:012x}")

    text = _UUID.sub(name, json.dumps(found, ensure_ascii=False))
    told: object = json.loads(_SECRET.sub(r"\1…", text))
    return told


def alike(one: object, other: object) -> bool:
    """Whether two values are made of the same members and kinds; null and an empty list are like anything there."""
    if one is None or other is None:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return all(alike(*pair) for pair in zip(one, other, strict=False))
    return _kind(one) == _kind(other)


def _kind(found: object) -> str:
    return "number" if isinstance(found, int | float) and not isinstance(found, bool) else type(found).__name__


def main() -> None:
    """Write them all."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as houses:
        answers = {name.partition(".")[2]: asked(houses, name) for name in ENDPOINTS}
    told = {name: answer for name, answer in answers.items() if answer is not None}
    _FILE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
