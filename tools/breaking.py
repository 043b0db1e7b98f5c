"""Says what of a description of the API no longer holds in a newer one: what breaks those who call.

``python -m tools.breaking docs/releases/0.1.0.yaml openapi.yaml`` prints a line for each, and ends with 1 if there is
one. More operations, members of answers, optional parameters and values that are taken break nobody. ``unlisted`` is
what a test asks: which of them since the last release the changelog does not tell under "Breaking".
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from tools.schemas import Change, breaks

Operation = dict[str, Any]

ROOT: Final = Path(__file__).resolve().parent.parent
RELEASES: Final = ROOT / "docs" / "releases"

_FILES = 2
_SAME: Final = {"operationId": "is called", "x-permission": "needs the permission", "security": "is secured by"}


def main(arguments: list[str]) -> int:
    """Compare two files, the older first."""
    if len(arguments) != _FILES:
        sys.exit("python -m tools.breaking OLD.yaml NEW.yaml")
    old, new = (read(Path(argument)) for argument in arguments)
    found = list(compare(old, new))
    for line in found:
        print(line)
    return 1 if found else 0


def read(path: Path) -> dict[str, Any]:
    """Read a description."""
    found: dict[str, Any] = YAML(typ="safe").load(path)
    return found


def unlisted(releases: Path, current: Path, changelog: Path) -> list[str]:
    """Give what breaks since the newest release that is kept, and whose operation the changelog does not name."""
    kept = newest(releases)
    if kept is None:
        return []
    told = _breaking(changelog.read_text(encoding="utf-8"))
    return [line for line in compare(read(kept), read(current)) if f"`{line.partition(': ')[0]}`" not in told]


def newest(releases: Path) -> Path | None:
    """Give the description of the highest version that is kept in a folder; None if none is."""
    return max(releases.glob("*.yaml"), key=lambda path: tuple(map(int, path.stem.split("."))), default=None)


def _breaking(changelog: str) -> str:
    """Cut out what stands under "Breaking" of what is not released yet."""
    unreleased = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    found = re.search(
        r"^### Breaking\n(.*?)(?=^### |\Z)", unreleased[1] if unreleased else "", re.MULTILINE | re.DOTALL
    )
    return found[1] if found else ""


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Say everything that breaks: ``POST /v1/meetings: request /title: must be given now``."""
    for path, method, before in _operations(old):
        now = _at(new, path, method)
        label = f"{method.upper()} {path}"
        if now is None:
            yield f"{label}: is gone"
        else:
            yield from (f"{label}: {line}" for line in _operation(before, now, old, new))


def _operations(description: Mapping[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    for path, item in description["paths"].items():
        for method in item:
            operation = _at(description, path, method)
            if method != "parameters" and operation is not None:
                yield path, method, operation


def _at(description: Mapping[str, Any], path: str, method: str) -> Operation | None:
    """Give an operation with the parameters of its path, None if there is none."""
    item = description["paths"].get(path, {})
    if method not in item or method == "parameters":
        return None
    return {**item[method], "parameters": [*item.get("parameters", ()), *item[method].get("parameters", ())]}


def _operation(before: Operation, now: Operation, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name, said in _SAME.items():
        if before.get(name) != now.get(name):
            yield f"{said} {now.get(name)} now, not {before.get(name)}"
    yield from _parameters(before, now, Change({}, {}, old, new, "request"))
    yield from _request(before.get("requestBody"), now.get("requestBody"), Change({}, {}, old, new, "request"))
    yield from _answers(before["responses"], now["responses"], Change({}, {}, old, new, "answer"))


def _parameters(before: Operation, now: Operation, change: Change) -> Iterator[str]:
    asked = {(one["in"], one["name"]): one for one in before["parameters"]}
    asks = {(one["in"], one["name"]): one for one in now["parameters"]}
    yield from (f"{place} {name}: is gone" for place, name in asked if (place, name) not in asks)
    for (place, name), one in asks.items():
        known = asked.get((place, name), {})
        if one.get("required") and not known.get("required"):
            yield f"{place} {name}: must be given now"
        if known:
            yield from breaks(change.inner(known["schema"], one["schema"], f"{place} {name}"))


def _request(before: Operation | None, now: Operation | None, change: Change) -> Iterator[str]:
    if before is None or now is None:
        if now is not None and now.get("required"):
            yield "request: must be given now"
        if before is not None:
            yield "request: is gone"
        return
    if now.get("required") and not before.get("required"):
        yield "request: must be given now"
    yield from _contents(before["content"], now["content"], change, "request")


def _answers(before: Operation, now: Operation, change: Change) -> Iterator[str]:
    for status, answer in before.items():
        if not status.startswith("2"):
            continue
        if status not in now:
            yield f"answer {status}: is gone"
            continue
        for name in answer.get("headers", {}):
            if name not in now[status].get("headers", {}):
                yield f"answer {status}: header {name} is gone"
        yield from _contents(answer.get("content", {}), now[status].get("content", {}), change, f"answer {status}")


def _contents(before: Operation, now: Operation, change: Change, place: str) -> Iterator[str]:
    for kind, content in before.items():
        if kind not in now:
            yield f"{place}: {kind} is gone"
        elif "schema" in content and "schema" in now[kind]:
            lines = breaks(change.inner(content["schema"], now[kind]["schema"], ""))
            yield from (f"{place} {line}" if line[0] == "/" else f"{place}{line}" for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
