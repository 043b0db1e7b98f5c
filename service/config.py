"""Settings from ``SLUICE_*`` variables, every fault at once. ``docs/operations.md`` explains each.

A value may also come from a file named by ``SLUICE_…_FILE``, so that a password need not stand in the environment.
"""

import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from environs import FileAwareEnv

from service.core.addresses import Allowed, read_allowed
from service.core.errors import Flaw, InvalidError, MalformedError
from service.core.ledger.witnessing import Witness, is_url, read_witnesses

PREFIX: Final = "SLUICE_"
LANGUAGES: Final = ("zh", "en")
LOG_LEVELS: Final = ("debug", "info", "warning", "error")
DEMO_ORIGIN: Final = "sluice.example/demo"
DATABASES: Final = ("sqlite", "postgresql", "postgresql+psycopg")

_DATABASE_URL = re.compile(r"(?P<kind>[a-z+]+)://(?P<place>[^?]*)(?:\?.*)?")
_ORIGIN = re.compile(r"[^\s+\x00-\x1f]{1,200}")
_SQLITE_MEMORY = ("", "/", "/:memory:")
_SMALLEST_BODY = 1_024
_LARGEST_BODY = 100 * 1_024 * 1_024
_LARGEST_PAPER = 1_024 * 1_024 * 1_024
_MOST_WORKERS = 64
_MOST_DAYS = 3_650
_MOST_WORKING_DAYS = 250
_SHORTEST_DELAY = 10
_LONGEST_DELAY = 31 * 86_400
_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, with what holds when nothing is."""

    database_url: str = field(default="sqlite:///var/sluice.db", repr=False)
    time_zone: str = "Asia/Shanghai"
    language: str = "zh"
    demo: bool = False
    log_level: str = "info"
    max_body_bytes: int = 8_388_608
    workers: int = 2
    threads: int = 4
    evidence_folder: str = "var/evidence"
    evidence_max_bytes: int = 52_428_800
    reconsider_days: int = 60
    review_days: int = 20
    opinion_days: int = 5
    calendar_file: str = ""
    ledger_key_file: str = ""
    ledger_next_key_file: str = ""
    ledger_origin: str = ""
    ledger_memory_file: str = ""
    ledger_anchor_file: str = ""
    ledger_merge_delay_seconds: int = 86_400
    ledger_witnesses: tuple[Witness, ...] = ()
    ledger_anchor_url: str = field(default="", repr=False)
    webhook_allowed_hosts: Allowed = field(default_factory=Allowed)


class SettingsError(InvalidError):
    """Settings the service cannot start with. A flaw's pointer is the name of its variable; no value is told."""

    code = "settings"


class _FaultError(Exception):
    def __init__(self, code: str, **figures: object) -> None:
        super().__init__(code)
        self.code = code
        self.figures = figures


def read_settings() -> Settings:
    """Read the settings of this process. Raises ``SettingsError`` with every fault."""
    reader = _Reader()
    held = Settings()
    settings = Settings(
        database_url=reader.take("DATABASE_URL", _database_url, held.database_url),
        time_zone=reader.take("TIME_ZONE", _time_zone, held.time_zone),
        language=reader.take("LANGUAGE", _one_of(*LANGUAGES), held.language),
        demo=reader.take("DEMO", _switch, held.demo),
        log_level=reader.take("LOG_LEVEL", _one_of(*LOG_LEVELS), held.log_level),
        max_body_bytes=reader.take("MAX_BODY_BYTES", _between(_SMALLEST_BODY, _LARGEST_BODY), held.max_body_bytes),
        workers=reader.take("WORKERS", _between(1, _MOST_WORKERS), held.workers),
        threads=reader.take("THREADS", _between(1, _MOST_WORKERS), held.threads),
        reconsider_days=reader.take("RECONSIDER_DAYS", _between(1, _MOST_DAYS), held.reconsider_days),
        review_days=reader.take("REVIEW_DAYS", _between(1, _MOST_WORKING_DAYS), held.review_days),
        opinion_days=reader.take("OPINION_DAYS", _between(1, _MOST_WORKING_DAYS), held.opinion_days),
        calendar_file=reader.take("CALENDAR_FILE", str, held.calendar_file),
        webhook_allowed_hosts=reader.take("WEBHOOK_ALLOWED_HOSTS", _hosts, held.webhook_allowed_hosts),
    )
    settings = _with_ledger(_with_evidence(settings, reader), reader)
    if reader.flaws:
        raise SettingsError(tuple(reader.flaws))
    return settings


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads variables one by one and keeps their faults."""

    env: FileAwareEnv = field(default_factory=lambda: FileAwareEnv(prefix=PREFIX, strip_whitespace=True))
    flaws: list[Flaw] = field(default_factory=list)

    def take(self, name: str, parse: Callable[[str], Value], held: Value) -> Value:
        """Read one variable; what holds when it is not set also stands in for a faulty one."""
        try:
            text = self.env.str(name, default=None)
            return held if text is None else parse(text)
        except _FaultError as fault:
            self.flaws.append(Flaw(PREFIX + name, fault.code, fault.figures))
        except (ValueError, OSError):
            self.flaws.append(Flaw(f"{PREFIX}{name}_FILE", "setting_file"))
        return held


def _database_url(text: str) -> str:
    match = _DATABASE_URL.fullmatch(text)
    if match is None or match["kind"] not in DATABASES:
        raise _FaultError("setting_database", known=DATABASES)
    if match["kind"] == "sqlite" and match["place"] in _SQLITE_MEMORY:
        raise _FaultError("setting_database_memory")
    return text


def _with_evidence(settings: Settings, reader: _Reader) -> Settings:
    """Read where papers are kept, and how large one may be."""
    sizes = _between(_SMALLEST_BODY, _LARGEST_PAPER)
    return replace(
        settings,
        evidence_folder=reader.take("EVIDENCE_FOLDER", _folder, settings.evidence_folder),
        evidence_max_bytes=reader.take("EVIDENCE_MAX_BYTES", sizes, settings.evidence_max_bytes),
    )


def _folder(text: str) -> str:
    if not text:
        raise _FaultError("setting_folder")
    return text


def _with_ledger(settings: Settings, reader: _Reader) -> Settings:
    """Read what the ledger is signed with. A demonstration on SQLite has a key beside its database."""
    kind, _, place = settings.database_url.partition(":///")
    signs = settings.demo and kind == "sqlite"
    seconds = _between(_SHORTEST_DELAY, _LONGEST_DELAY)
    found = replace(
        settings,
        ledger_key_file=reader.take("LEDGER_KEY_FILE", str, f"{place.partition('?')[0]}-ledger.key" if signs else ""),
        ledger_next_key_file=reader.take("LEDGER_NEXT_KEY_FILE", str, settings.ledger_next_key_file),
        ledger_origin=reader.take("LEDGER_ORIGIN", _origin, DEMO_ORIGIN if signs else ""),
        ledger_memory_file=reader.take("LEDGER_MEMORY_FILE", str, settings.ledger_memory_file),
        ledger_anchor_file=reader.take("LEDGER_ANCHOR_FILE", str, settings.ledger_anchor_file),
        ledger_merge_delay_seconds=reader.take(
            "LEDGER_MERGE_DELAY_SECONDS", seconds, settings.ledger_merge_delay_seconds
        ),
        ledger_witnesses=reader.take("LEDGER_WITNESSES", _witnesses, settings.ledger_witnesses),
        ledger_anchor_url=reader.take("LEDGER_ANCHOR_URL", _url, settings.ledger_anchor_url),
    )
    if found.ledger_key_file and not (found.ledger_origin or reader.flaws):
        reader.flaws.append(Flaw(f"{PREFIX}LEDGER_ORIGIN", "setting_missing"))
    return found


def _origin(text: str) -> str:
    if _ORIGIN.fullmatch(text) is None:
        raise _FaultError("setting_origin")
    return text


def _witnesses(text: str) -> tuple[Witness, ...]:
    try:
        return read_witnesses(text)
    except MalformedError as error:
        raise _FaultError("setting_witnesses", number=error.figures["number"]) from error


def _hosts(text: str) -> Allowed:
    try:
        return read_allowed(text)
    except MalformedError as error:
        raise _FaultError("setting_hosts", number=error.figures["number"]) from error


def _url(text: str) -> str:
    if text and not is_url(text):
        raise _FaultError("setting_url")
    return text


def _time_zone(text: str) -> str:
    if text not in zoneinfo.available_timezones():
        raise _FaultError("setting_time_zone")
    return text


def _one_of(*known: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in known:
            raise _FaultError("setting_choice", known=known)
        return text.lower()

    return parse


def _switch(text: str) -> bool:
    if text.lower() not in _YES + _NO:
        raise _FaultError("setting_choice", known=("true", "false"))
    return text.lower() in _YES


def _between(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and least <= int(text) <= most):
            raise _FaultError("setting_number", least=least, most=most)
        return int(text)

    return parse
