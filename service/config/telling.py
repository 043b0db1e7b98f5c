"""Settings as text, for whoever watches the service: what opens a door is not told, only that it is set."""

from dataclasses import replace
from typing import Final

from sqlalchemy.engine import make_url

from service.config import Settings, signing_in_demo
from service.logs import HIDDEN

# Of these nothing is told but whether they are set.
SECRET: Final = frozenset({"metrics_token"})


def shown(settings: Settings, name: str) -> str:
    """Give a setting as text, without the database's password and without what an address may hold of that kind."""
    found = getattr(settings, name)
    if name == "database_url":
        return _database(settings.database_url)
    if name == "ledger_anchor_url":
        return "/".join(settings.ledger_anchor_url.split("/")[:3])
    if name in SECRET:
        return HIDDEN if found else ""
    return _text(found)


def usual(settings: Settings) -> Settings:
    """Give what holds where nothing is set, in a house of this kind."""
    held = replace(Settings(), demo=settings.demo)
    key_file, origin = signing_in_demo(replace(held, database_url=settings.database_url))
    return replace(held, ledger_key_file=key_file, ledger_origin=origin)


def _database(url: str) -> str:
    """Give the address of a database; of what follows the question mark, names that speak of a password are hidden."""
    found = make_url(url)
    query = {name: HIDDEN if "pass" in name.lower() else value for name, value in found.query.items()}
    return found.set(query=query).render_as_string(hide_password=True)


def _text(found: object) -> str:
    if isinstance(found, tuple):
        return ",".join("=".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in found)
    return str(found).lower() if isinstance(found, bool) else str(found)
