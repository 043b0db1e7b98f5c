"""The page of settings: what is in force, what it means, and whether the service can work. Secrets are not shown."""

from dataclasses import dataclass
from typing import Final

from service.config import PREFIX, Settings, telling
from service.core.people import Permission
from service.web import health
from service.web.process import runtime
from service.web.ui.admin import overview
from service.web.ui.pages import Page, PageCall, Pages, Shows
from service.web.ui.voice import Voice, voice

# The settings by what they are about; every one is in exactly one group.
GROUPS: Final = {
    "house": ("database_url", "time_zone", "language", "demo", "log_level", "calendar_file"),
    "cases": (
        *("review_days", "opinion_days", "reconsider_days"),
        *("evidence_folder", "evidence_max_bytes"),
    ),
    "server": (
        *("workers", "threads", "max_body_bytes", "requests_per_minute", "failures_per_minute"),
        *("trusted_proxies", "hsts_seconds", "metrics_token", "ready_outbox_seconds", "webhook_allowed_hosts"),
        *("replies_days", "delivered_days"),
    ),
    "sign_in": (
        *("session_idle_minutes", "session_hours"),
        *("oidc_issuer", "oidc_audience", "oidc_jwks_url", "oidc_algorithms"),
        *("oidc_role_claim", "oidc_roles", "oidc_leeway_seconds"),
    ),
    "ledger": (
        *("ledger_key_file", "ledger_next_key_file", "ledger_origin", "ledger_memory_file", "ledger_anchor_file"),
        *("ledger_anchor_url", "ledger_witnesses", "ledger_merge_delay_seconds"),
    ),
}

pages = Pages()

PAGE: Final = Page(
    name="settings",
    path="/settings",
    permission=Permission.MANAGE_PEOPLE,
    template="admin_settings.html",
    under=overview.PAGE,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting: its variable, its value in words, whether it is the one held when nothing is set, what it means."""

    variable: str
    value: str
    is_held: bool
    means: str


@pages.page(PAGE)
def read_settings(call: PageCall[None]) -> Shows:
    """Show every setting in force."""
    held, speaks = runtime(), voice(call.spoken)
    usual = telling.usual(held.settings)
    key = None if held.signer is None else held.signer.key
    return {
        "version": health.VERSION,
        "database": held.engine.dialect.name,
        "key": key,
        "checks": list(health.standing(held).items()),
        "groups": [
            (speaks.say(f"setting.group_{group}"), [_shown(held.settings, usual, name, speaks) for name in names])
            for group, names in GROUPS.items()
        ],
    }


def _shown(settings: Settings, usual: Settings, name: str, speaks: Voice) -> Shown:
    value = getattr(settings, name)
    return Shown(
        PREFIX + name.upper(),
        _value(settings, name, speaks),
        value == getattr(usual, name),
        speaks.say(f"setting.{name}"),
    )


def _value(settings: Settings, name: str, speaks: Voice) -> str:
    if name in telling.SECRET:
        return speaks.say("setting.is_set" if getattr(settings, name) else "setting.not_set")
    return telling.shown(settings, name) or speaks.say("setting.not_set")
