"""What a change of a schema takes from those who send contents by it, or read them."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

Schema: TypeAlias = "dict[str, Any] | bool"

# Contents are sent to us in a request, and by us in an answer.
Direction: TypeAlias = Literal["request", "answer"]

_KINDS: Final = frozenset({"array", "boolean", "null", "number", "object", "string"})
_AT_LEAST: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_AT_MOST: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_AS_IS: Final = ("pattern", "format", "multipleOf", "uniqueItems", "contentEncoding")


@dataclass(frozen=True, slots=True)
class Change:
    """Two schemas of the same content, each in its description, and the place of the content."""

    old: Schema
    new: Schema
    old_whole: Mapping[str, Any]
    new_whole: Mapping[str, Any]
    direction: Direction
    place: str = ""
    within: frozenset[tuple[str, str]] = frozenset()

    def inner(self, old: Schema, new: Schema, step: str) -> "Change":
        """Go one step further in."""
        return Change(old, new, self.old_whole, self.new_whole, self.direction, self.place + step, self.within)


def breaks(change: Change) -> Iterator[str]:
    """Say everything that breaks, each with its place: ``/items/*/state: may be "x" now, which it never was``."""
    names = (_name(change.old), _name(change.new))
    if names in change.within:
        return
    within = change.within if names == ("", "") else change.within | {names}
    old, new = _whole(change.old, change.old_whole), _whole(change.new, change.new_whole)
    resolved = Change(old, new, change.old_whole, change.new_whole, change.direction, change.place, within)
    for look in _LOOKS:
        yield from look(resolved, old, new)


def _name(schema: Schema) -> str:
    return "" if isinstance(schema, bool) else str(schema.get("$ref", ""))


def _whole(schema: Schema, description: Mapping[str, Any]) -> dict[str, Any]:
    """Follow a reference and put the parts of ``allOf`` together."""
    if isinstance(schema, bool):
        return {} if schema else {"enum": []}
    found = dict(schema)
    parts = [_followed(found.pop("$ref"), description)] if "$ref" in found else []
    for part in (_whole(part, description) for part in (*parts, *found.pop("allOf", ()))):
        members = {**part.get("properties", {}), **found.get("properties", {})}
        required = [*part.get("required", ()), *found.get("required", ())]
        found = {**part, **found}
        found |= ({"properties": members} if members else {}) | ({"required": required} if required else {})
    return found


def _followed(reference: str, description: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a schema, as it is written
    found: Any = description
    for step in reference.removeprefix("#/").split("/"):
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return found


def _types(schema: Mapping[str, Any]) -> frozenset[str]:
    """Give every kind of value a schema lets be."""
    told = schema.get("type", ())
    found = frozenset([told] if isinstance(told, str) else told)
    if found:
        return found
    values = _values(schema)
    return _KINDS if values is None else frozenset(_type(json.loads(value)) for value in values)


def _type(value: object) -> str:
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "boolean"),
        (int, "integer"),
        (float, "number"),
        (str, "string"),
        (list, "array"),
        (dict, "object"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "null")


def _values(schema: Mapping[str, Any]) -> frozenset[str] | None:
    """Give the values a schema names, as JSON; None if it names none."""
    told = [schema["const"]] if "const" in schema else schema.get("enum")
    return None if told is None else frozenset(json.dumps(value, ensure_ascii=False) for value in told)


def _beyond(some: frozenset[str], others: frozenset[str]) -> list[str]:
    return sorted(kind for kind in some - others if not (kind == "integer" and "number" in others))


def _look_at_types(change: Change, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    before, now = _types(old), _types(new)
    if change.direction == "request":
        yield from (f"{change.place}: no longer takes {kind}" for kind in _beyond(before, now))
    else:
        yield from (f"{change.place}: may be {kind} now" for kind in _beyond(now, before))


def _look_at_values(change: Change, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    before, now = _values(old), _values(new)
    is_sent = change.direction == "request"
    wide, narrow = (before, now) if is_sent else (now, before)
    if narrow is None:
        return
    if wide is None:
        yield f"{change.place}: " + ("takes only named values now" if is_sent else "may be any value now")
        return
    said = "no longer takes" if is_sent else "may be"
    yield from (f"{change.place}: {said} {value}{'' if is_sent else ' now'}" for value in sorted(wide - narrow))


def _look_at_limits(change: Change, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    if change.direction == "answer":
        return
    for names, narrows in ((_AT_LEAST, _is_more), (_AT_MOST, _is_less)):
        for name in names:
            if name in new and (name not in old or narrows(new[name], old[name])):
                yield f"{change.place}: {name} is {new[name]} now"


def _is_more(now: float, before: float) -> bool:
    return now > before


def _is_less(now: float, before: float) -> bool:
    return now < before


def _look_at_forms(change: Change, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """Look at forms: what is taken away frees those who send, what is new those who read."""
    told = new if change.direction == "request" else old
    for name in _AS_IS:
        if name in told and old.get(name) != new.get(name):
            yield f"{change.place}: {name} is {json.dumps(new.get(name))} now"


def _look_at_members(change: Change, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    before, now = old.get("properties", {}), new.get("properties", {})
    yield from (f"{change.place}/{name}: is gone" for name in before if name not in now)
    is_sent = change.direction == "request"
    wide, narrow = (old, new) if is_sent else (new, old)
    for name in sorted({*narrow.get("required", ())} - {*wide.get("required", ())}):
        if is_sent or name in now:
            yield f"{change.place}/{name}: " + ("must be given now" if is_sent else "may be absent now")
    for name in before:
        if name in now:
            yield from breaks(change.inner(before[name], now[name], f"/{name}"))


def _look_at_the_rest(change: Change, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    before, now = old.get("additionalProperties", True), new.get("additionalProperties", True)
    if change.direction == "request" and before is not False and now is False:
        yield f"{change.place}: takes no other members now"
    elif isinstance(before, dict) and isinstance(now, dict):
        yield from breaks(change.inner(before, now, "/*"))
    if "items" in old and "items" in new:
        yield from breaks(change.inner(old["items"], new["items"], "/*"))


def _look_at_choices(change: Change, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    is_sent = change.direction == "request"
    wide, narrow = (old, new) if is_sent else (new, old)
    for name in ("anyOf", "oneOf"):
        before, now = _apart(old.get(name, []), new.get(name, []))
        if name in old and name in new:
            for one, other in zip(before, now, strict=False):
                yield from breaks(change.inner(one, other, ""))
        lost = len(wide.get(name, [])) - len(narrow.get(name, []))
        if name in narrow and (name not in wide or lost > 0):
            yield f"{change.place}: " + ("takes fewer forms now" if is_sent else "may have another form now")


def _apart(before: list[Schema], now: list[Schema]) -> tuple[list[Schema], list[Schema]]:
    """Leave out what is in both."""
    return [one for one in before if one not in now], [one for one in now if one not in before]


_Look: TypeAlias = Callable[[Change, dict[str, Any], dict[str, Any]], Iterator[str]]
_LOOKS: Final[tuple[_Look, ...]] = (
    _look_at_types,
    _look_at_values,
    _look_at_limits,
    _look_at_forms,
    _look_at_members,
    _look_at_the_rest,
    _look_at_choices,
)
