"""Settings from ``SLUICE_*`` variables, every fault at once. ``docs/operations.md`` explains each.

A value may also come from a file named by ``SLUICE_…_FILE``, so that a password need not stand in the environment.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from service.config import identity
from service.config.reading import (
    DATABASES,
    PREFIX,
    Reader,
    SettingsError,
    between,
    database_url,
    folder,
    hosts,
    networks,
    one_of,
    origin,
    switch,
    time_zone,
    token,
    url,
    witnesses,
)
from service.core.addresses import Allowed, Network
from service.core.errors import Flaw
from service.core.ledger.witnessing import Witness
from service.core.people import Role
from service.core.tokens import USUAL_ALGORITHMS

__all__ = [
    "DATABASES",
    "DEMO_ORIGIN",
    "LANGUAGES",
    "LOG_LEVELS",
    "PREFIX",
    "Settings",
    "SettingsError",
    "read_settings",
    "signing_in_demo",
]

LANGUAGES: Final = ("zh", "en")
LOG_LEVELS: Final = ("debug", "info", "warning", "error")
DEMO_ORIGIN: Final = "sluice.example/demo"

_SMALLEST_BODY = 1_024
_LARGEST_BODY = 100 * 1_024 * 1_024
_LARGEST_PAPER = 1_024 * 1_024 * 1_024
_MOST_WORKERS = 64
_MOST_DAYS = 3_650
_MOST_WORKING_DAYS = 250
_LONGEST_IDLE = 720
_LONGEST_SESSION = 24
_SHORTEST_DELAY = 10
_LONGEST_DELAY = 31 * 86_400
_MOST_OFTEN = 1_000_000
_LONGEST_HSTS = 2 * 366 * 86_400


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
    session_idle_minutes: int = 30
    session_hours: int = 12
    requests_per_minute: int = 600
    failures_per_minute: int = 30
    trusted_proxies: tuple[Network, ...] = ()
    hsts_seconds: int = 0
    metrics_token: str = field(default="", repr=False)
    ready_outbox_seconds: int = 3_600
    replies_days: int = 7
    delivered_days: int = 90
    oidc_issuer: str = ""
    oidc_audience: str = ""
    oidc_jwks_url: str = ""
    oidc_algorithms: tuple[str, ...] = USUAL_ALGORITHMS
    oidc_role_claim: str = ""
    oidc_roles: tuple[tuple[str, Role], ...] = ()
    oidc_leeway_seconds: int = 30


def read_settings() -> Settings:
    """Read the settings of this process. Raises ``SettingsError`` with every fault."""
    reader = Reader()
    held = Settings()
    settings = Settings(
        database_url=reader.take("DATABASE_URL", database_url, held.database_url),
        time_zone=reader.take("TIME_ZONE", time_zone, held.time_zone),
        language=reader.take("LANGUAGE", one_of(*LANGUAGES), held.language),
        demo=reader.take("DEMO", switch, held.demo),
        log_level=reader.take("LOG_LEVEL", one_of(*LOG_LEVELS), held.log_level),
        max_body_bytes=reader.take("MAX_BODY_BYTES", between(_SMALLEST_BODY, _LARGEST_BODY), held.max_body_bytes),
        workers=reader.take("WORKERS", between(1, _MOST_WORKERS), held.workers),
        threads=reader.take("THREADS", between(1, _MOST_WORKERS), held.threads),
        reconsider_days=reader.take("RECONSIDER_DAYS", between(1, _MOST_DAYS), held.reconsider_days),
        review_days=reader.take("REVIEW_DAYS", between(1, _MOST_WORKING_DAYS), held.review_days),
        opinion_days=reader.take("OPINION_DAYS", between(1, _MOST_WORKING_DAYS), held.opinion_days),
        calendar_file=reader.take("CALENDAR_FILE", str, held.calendar_file),
        webhook_allowed_hosts=reader.take("WEBHOOK_ALLOWED_HOSTS", hosts, held.webhook_allowed_hosts),
        session_idle_minutes=reader.take("SESSION_IDLE_MINUTES", between(5, _LONGEST_IDLE), held.session_idle_minutes),
        session_hours=reader.take("SESSION_HOURS", between(1, _LONGEST_SESSION), held.session_hours),
    )
    settings = _with_edge(_with_ledger(_with_evidence(settings, reader), reader), reader)
    settings = replace(settings, **identity.taken(reader, demo=settings.demo))
    if reader.flaws:
        raise SettingsError(tuple(reader.flaws))
    return settings


def signing_in_demo(settings: Settings) -> tuple[str, str]:
    """Give the ledger's key file and name where none is set: a demonstration on SQLite has a key beside it."""
    kind, _, place = settings.database_url.partition(":///")
    signs = settings.demo and kind == "sqlite"
    return (f"{place.partition('?')[0]}-ledger.key", DEMO_ORIGIN) if signs else ("", "")


def _with_evidence(settings: Settings, reader: Reader) -> Settings:
    """Read where papers are kept, and how large one may be."""
    sizes = between(_SMALLEST_BODY, _LARGEST_PAPER)
    return replace(
        settings,
        evidence_folder=reader.take("EVIDENCE_FOLDER", folder, settings.evidence_folder),
        evidence_max_bytes=reader.take("EVIDENCE_MAX_BYTES", sizes, settings.evidence_max_bytes),
    )


def _with_edge(settings: Settings, reader: Reader) -> Settings:
    """Read what holds towards callers: how often each may ask, who stands before the service, who may watch it."""
    often, seconds, days = between(0, _MOST_OFTEN), between(0, _LONGEST_DELAY), between(1, _MOST_DAYS)
    return replace(
        settings,
        requests_per_minute=reader.take("REQUESTS_PER_MINUTE", often, settings.requests_per_minute),
        failures_per_minute=reader.take("FAILURES_PER_MINUTE", often, settings.failures_per_minute),
        trusted_proxies=reader.take("TRUSTED_PROXIES", networks, settings.trusted_proxies),
        hsts_seconds=reader.take("HSTS_SECONDS", between(0, _LONGEST_HSTS), settings.hsts_seconds),
        metrics_token=reader.take("METRICS_TOKEN", token, settings.metrics_token),
        ready_outbox_seconds=reader.take("READY_OUTBOX_SECONDS", seconds, settings.ready_outbox_seconds),
        replies_days=reader.take("REPLIES_DAYS", days, settings.replies_days),
        delivered_days=reader.take("DELIVERED_DAYS", days, settings.delivered_days),
    )


def _with_ledger(settings: Settings, reader: Reader) -> Settings:
    """Read what the ledger is signed with."""
    key_file, named = signing_in_demo(settings)
    seconds = between(_SHORTEST_DELAY, _LONGEST_DELAY)
    found = replace(
        settings,
        ledger_key_file=reader.take("LEDGER_KEY_FILE", str, key_file),
        ledger_next_key_file=reader.take("LEDGER_NEXT_KEY_FILE", str, settings.ledger_next_key_file),
        ledger_origin=reader.take("LEDGER_ORIGIN", origin, named),
        ledger_memory_file=reader.take("LEDGER_MEMORY_FILE", str, settings.ledger_memory_file),
        ledger_anchor_file=reader.take("LEDGER_ANCHOR_FILE", str, settings.ledger_anchor_file),
        ledger_merge_delay_seconds=reader.take(
            "LEDGER_MERGE_DELAY_SECONDS", seconds, settings.ledger_merge_delay_seconds
        ),
        ledger_witnesses=reader.take("LEDGER_WITNESSES", witnesses, settings.ledger_witnesses),
        ledger_anchor_url=reader.take("LEDGER_ANCHOR_URL", url, settings.ledger_anchor_url),
    )
    named = f"{PREFIX}LEDGER_ORIGIN"
    if found.ledger_key_file and not (found.ledger_origin or any(flaw.pointer == named for flaw in reader.flaws)):
        reader.flaws.append(Flaw(named, "setting_missing"))
    return found
