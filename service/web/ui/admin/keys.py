"""One's own keys: listed, issued, rotated and revoked; what opens something is shown once."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from flask import request

from service.actions import people
from service.actions.people import KEY_LIFETIME, LIVE_KEYS, Issued, NewKey, Rotation
from service.core.errors import ForbiddenError, NotFoundError
from service.core.people import ALWAYS, SCOPES, Permission, Scope
from service.db.people import ApiKey
from service.web.forms import Choice, Listing, Text, WholeNumber
from service.web.ui import account
from service.web.ui.admin.person import shown_keys
from service.web.ui.filled_forms import FilledForm
from service.web.ui.pages import Go, Once, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import voice
from service.work import Work

pages = Pages()

LIST: Final = Page(
    name="keys",
    path=f"{account.PAGE.path}/keys",
    permission=Permission.KEEP_OWN_KEYS,
    template="admin_keys.html",
    under=account.PAGE,
)
NEW: Final = Page(
    name="key_new",
    path=f"{LIST.path}/new",
    permission=Permission.KEEP_OWN_KEYS,
    template="admin_key_new.html",
    under=LIST,
)
ONE: Final = Page(
    name="key",
    path=f"{LIST.path}/<key_id>",
    permission=Permission.KEEP_OWN_KEYS,
    template="admin_key.html",
    under=LIST,
)


class Lasting(StrEnum):
    """For how many days a key is issued."""

    MONTH = "30"
    QUARTER = "90"
    HALF = "180"
    YEAR = str(KEY_LIFETIME.days)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a key is called, what it is for, and for how many days."""

    label: str | None
    scopes: tuple[Scope, ...]
    days: Lasting


class WantedForm(FilledForm):
    """A key to be issued."""

    makes = Wanted
    neutral: ClassVar[dict[str, object]] = {"label": None, "scopes": (), "days": Lasting.QUARTER}

    label = Text()
    scopes = Listing(Choice(Scope, said=""))
    days = Choice(Lasting, said="")


class RotationForm(FilledForm):
    """For how long the old key goes on counting."""

    makes = Rotation

    overlap_hours = WholeNumber(required=True)


@pages.page(LIST)
def find_keys(call: PageCall[None]) -> Shows:
    """List one's own keys, those that ended too."""
    found = people.find_keys(call.work, me(call.work), ended=True)
    shown = shown_keys(call.work, found, voice(call.spoken))
    room = sum(one.state in {"live", "ending"} for one in shown) < LIVE_KEYS
    return {"keys": shown, "room": room, "most": LIVE_KEYS}


@pages.page(NEW)
def prepare(call: PageCall[None]) -> Shows:
    """Ask what a key is for; only what the visitor may do themselves is offered."""
    speaks, actor = voice(call.spoken), call.work.actor
    useful = {scope for permission, scope in SCOPES.items() if actor.may(permission)} - ALWAYS
    return {
        "scopes": [
            (scope.value, speaks.say(f"ownkey.scope_{scope.name.lower()}"), scope.value)
            for scope in Scope
            if scope in useful
        ],
        "days": [(one.value, speaks.say("ownkey.days_n", n=one.value)) for one in Lasting],
        "most": LIVE_KEYS,
    }


@pages.submission(
    Submission(name="issue_key", path=NEW.path, permission=Permission.KEEP_OWN_KEYS, page=NEW, form=WantedForm())
)
def issue(call: PageCall[Wanted]) -> Once:
    """Issue a key to the visitor."""
    wanted = call.given
    until = call.work.now + timedelta(days=int(wanted.days))
    return _shown_once(NEW, people.issue_own(call.work, NewKey(wanted.label, wanted.scopes, until)))


@pages.page(ONE)
def read_key(call: PageCall[None], key_id: str) -> Shows:
    """Show a key of one's own, and what may be done with it."""
    own = own_key(call.work, key_id)
    (shown,) = shown_keys(call.work, [own], voice(call.spoken))
    return {"title": voice(call.spoken).say("ownkey.title", id=key_id), "key": shown}


@pages.submission(
    Submission(name="rotate_key", path=ONE.path, permission=Permission.KEEP_OWN_KEYS, page=ONE, form=RotationForm())
)
def rotate(call: PageCall[Rotation], key_id: str) -> Once:
    """Take a new key in place of an old one."""
    return _shown_once(ONE, people.rotate(call.work, me(call.work), key_id, call.given))


@pages.submission(
    Submission(name="revoke_key", path=f"{ONE.path}/revoke", permission=Permission.KEEP_OWN_KEYS, page=ONE)
)
def revoke(call: PageCall[None], key_id: str) -> Go:
    """End a key of one's own now."""
    people.revoke_key(call.work, key_id, me(call.work))
    return Go(LIST.path, "said.key_revoked", {"key": key_id})


def me(work: Work) -> UUID:
    """Give who acts. Raises ``ForbiddenError`` for one who is no person."""
    if work.actor.person_id is None:
        raise ForbiddenError(permission=Permission.KEEP_OWN_KEYS.value)
    return work.actor.person_id


def own_key(work: Work, key_id: str) -> ApiKey:
    """Give a key of whoever acts. Raises ``NotFoundError``."""
    found = [key for key in people.find_keys(work, me(work), ended=True) if key.id == key_id]
    if not found:
        raise NotFoundError(kind="key")
    return found[0]


def _shown_once(page: Page, issued: Issued) -> Once:
    values = {"text": issued.text, "key": issued.row.id, "until": issued.row.expires_at}
    return Once(page, "admin_key_shown.html", {**values, "place": request.url_root.rstrip("/")})
