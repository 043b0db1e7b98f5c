"""How the review day asks the service: one key a person, one Idempotency-Key a deed, the version in If-Match."""

import json
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

TRIES = 3
SECONDS = 60


class RefusedError(Exception):
    """The service answered with a problem (RFC 9457), told in its own words."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{problem['status']} {problem['code']}: {problem['detail']}")


@dataclass(frozen=True)
class Person:
    """Somebody with a key to the service. What it refuses is raised as ``RefusedError``."""

    address: str
    id: str
    name: str
    role: str
    department: str | None
    key: str = field(repr=False)

    def get(self, path: str, **query: object) -> dict[str, Any]:
        """Read something."""
        found: dict[str, Any] = self.send("GET", path, params=query).json()
        return found

    def post(self, path: str, body: object = None, version: int | None = None) -> dict[str, Any]:
        """Do something; to what was read in a version, where there is one."""
        done: dict[str, Any] = self.send("POST", path, version, json={} if body is None else body).json()
        return done

    def refusal(self, path: str, body: object = None, version: int | None = None) -> str:
        """Ask for what must be refused, and give the words of the refusal. Without a body something is read."""
        try:
            self.get(path) if body is None else self.post(path, body, version)
        except RefusedError as error:
            return f"Refused: {error}"
        message = f"{path} was not refused to {self.name}"
        raise AssertionError(message)

    def send(self, method: str, path: str, version: int | None = None, **content: object) -> requests.Response:
        """Send a request: the content as ``requests`` takes it, the version that was read as If-Match."""
        headers = {"Authorization": f"Bearer {self.key}", "Accept-Language": "en"}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        answer = _insist(method, self.address + path, {"headers": headers, **content})
        if not answer.ok:
            raise RefusedError(answer.json())
        return answer


def read_people(file: Path, address: str, needed: Mapping[str, int]) -> list[Person]:
    """Read who there is and with which keys. Raises ``LookupError`` where too few have one of the roles."""
    told = json.loads(file.read_text(encoding="utf-8"))["people"]
    roles = Counter(person["role"] for person in told)
    if any(roles[role] < count for role, count in needed.items()):
        message = f"{file} must have people with these roles: {dict(needed)}"
        raise LookupError(message)
    return [Person(address=address.rstrip("/"), **person) for person in told]


def _insist(method: str, url: str, content: Mapping[str, Any]) -> requests.Response:
    """Send a request again where the line drops: what has one Idempotency-Key is done once, and answered the same."""
    for _ in range(TRIES - 1):
        try:
            return requests.request(method, url, timeout=SECONDS, **content)
        except requests.ConnectionError:
            continue
    return requests.request(method, url, timeout=SECONDS, **content)
