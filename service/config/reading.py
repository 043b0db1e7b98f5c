"""Reading ``SLUICE_*`` variables one by one: what each kind of setting must look like, and every fault of them."""

import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Final, TypeVar

from environs import FileAwareEnv

from service.core.addresses import Allowed, Network, read_allowed
from service.core.errors import Flaw, InvalidError, MalformedError
from service.core.ledger.witnessing import Witness, is_url, read_witnesses

PREFIX: Final = "SLUICE_"
DATABASES: Final = ("sqlite", "postgresql", "postgresql+psycopg")

_DATABASE_URL = re.compile(r"(?P<kind>[a-z+]+)://(?P<place>[^?]*)(?:\?.*)?")
_ORIGIN = re.compile(r"[^\s+\x00-\x1f]{1,200}")
_SHORTEST_TOKEN = 16
_TOKEN = re.compile(rf"[\x21-\x7e]{{{_SHORTEST_TOKEN},200}}")
_SQLITE_MEMORY = ("", "/", "/:memory:")
_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")

Value = TypeVar("Value")


class SettingsError(InvalidError):
    """Settings the service cannot start with. A flaw's pointer is the name of its variable; no value is told."""

    code = "settings"


class FaultError(Exception):
    """A text that is no value of its setting."""

    def __init__(self, code: str, **figures: object) -> None:
        """Keep what is wrong."""
        super().__init__(code)
        self.code = code
        self.figures = figures


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads variables one by one and keeps their faults."""

    env: FileAwareEnv = field(default_factory=lambda: FileAwareEnv(prefix=PREFIX, strip_whitespace=True))
    flaws: list[Flaw] = field(default_factory=list)

    def take(self, name: str, parse: Callable[[str], Value], held: Value) -> Value:
        """Read one variable; what holds when it is not set also stands in for a faulty one."""
        try:
            text = self.env.str(name, default=None)
            return held if text is None else parse(text)
        except FaultError as fault:
            self.flaws.append(Flaw(PREFIX + name, fault.code, fault.figures))
        except (ValueError, OSError):
            self.flaws.append(Flaw(f"{PREFIX}{name}_FILE", "setting_file"))
        return held


def database_url(text: str) -> str:
    """Read the address of a database of a kind that is spoken. Raises ``FaultError``."""
    match = _DATABASE_URL.fullmatch(text)
    if match is None or match["kind"] not in DATABASES:
        raise FaultError("setting_database", known=DATABASES)
    if match["kind"] == "sqlite" and match["place"] in _SQLITE_MEMORY:
        raise FaultError("setting_database_memory")
    return text


def folder(text: str) -> str:
    """Read the name of a folder. Raises ``FaultError``."""
    if not text:
        raise FaultError("setting_folder")
    return text


def origin(text: str) -> str:
    """Read the name of a ledger. Raises ``FaultError``."""
    if _ORIGIN.fullmatch(text) is None:
        raise FaultError("setting_origin")
    return text


def witnesses(text: str) -> tuple[Witness, ...]:
    """Read witnesses, each with its key and address. Raises ``FaultError``."""
    try:
        return read_witnesses(text)
    except MalformedError as error:
        raise FaultError("setting_witnesses", number=error.figures["number"]) from error


def hosts(text: str) -> Allowed:
    """Read the hosts that are allowed by name. Raises ``FaultError``."""
    try:
        return read_allowed(text)
    except MalformedError as error:
        raise FaultError("setting_hosts", number=error.figures["number"]) from error


def networks(text: str) -> tuple[Network, ...]:
    """Read addresses and networks, such as ``127.0.0.1, 10.2.0.0/16``. Raises ``FaultError``."""
    found: list[Network] = []
    for number, entry in enumerate(text.replace(",", " ").split(), 1):
        try:
            found.append(ip_network(entry))
        except ValueError as error:
            raise FaultError("setting_networks", number=number) from error
    return tuple(found)


def token(text: str) -> str:
    """Read a secret that is long enough to be one, or none. Raises ``FaultError``."""
    if text and _TOKEN.fullmatch(text) is None:
        raise FaultError("setting_token", least=_SHORTEST_TOKEN)
    return text


def url(text: str) -> str:
    """Read an http or https address, or none. Raises ``FaultError``."""
    if text and not is_url(text):
        raise FaultError("setting_url")
    return text


def time_zone(text: str) -> str:
    """Read the name of a time zone. Raises ``FaultError``."""
    if text not in zoneinfo.available_timezones():
        raise FaultError("setting_time_zone")
    return text


def one_of(*known: str) -> Callable[[str], str]:
    """Give what reads one of some words. Raises ``FaultError``."""

    def parse(text: str) -> str:
        if text.lower() not in known:
            raise FaultError("setting_choice", known=known)
        return text.lower()

    return parse


def switch(text: str) -> bool:
    """Read yes or no. Raises ``FaultError``."""
    if text.lower() not in _YES + _NO:
        raise FaultError("setting_choice", known=("true", "false"))
    return text.lower() in _YES


def between(least: int, most: int) -> Callable[[str], int]:
    """Give what reads a whole number in a range. Raises ``FaultError``."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and least <= int(text) <= most):
            raise FaultError("setting_number", least=least, most=most)
        return int(text)

    return parse
