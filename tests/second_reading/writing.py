"""Plain data as the YAML text of a rulebook: a line an entry, expressions now and then over several lines."""

from collections.abc import Mapping

from tests.second_reading.language import Plain


def written(data: Mapping[str, Plain]) -> str:
    """Write the sections of a rulebook."""
    return "".join(f"{section}:{_section(entries)}\n" for section, entries in data.items())


def _section(entries: Plain) -> str:
    if isinstance(entries, list) and entries:
        return "".join(f"\n  - {_flow(entry)}" for entry in entries)
    if isinstance(entries, dict) and entries:
        return "".join(f"\n  {name}: {_entry(entry)}" for name, entry in entries.items())
    return f" {_flow(entries)}"


def _entry(entry: Plain) -> str:
    text = entry.get("value") if isinstance(entry, dict) else None
    if isinstance(text, str) and len(text) > 60:
        rest = "".join(f"\n    {name}: {_flow(item)}" for name, item in entry.items() if name != "value")
        folded = text.replace(" && ", "\n      && ").replace(" || ", "\n      || ")
        return f"\n    value: >-\n      {folded}{rest}"
    return _flow(entry)


def _flow(value: Plain) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(name)}: {_flow(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, bool | None):
        return {True: "true", False: "false", None: "null"}[value]
    return _scalar(value)


def _scalar(value: Plain) -> str:
    if not isinstance(value, str):
        return str(value)
    plain = value.replace("_", "").replace("-", "").isalnum() and value.isascii()
    return value if plain and not value[0].isdigit() and value not in {"true", "false", "null"} else _quoted(value)


def _quoted(value: str) -> str:
    if value[:4].isdigit() and value[4:5] == "-":
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
