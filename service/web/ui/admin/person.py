"""The page of a person: roles, how they sign in, who they are to an identity server, their keys."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from service.actions import people
from service.actions.people import NewIdentity, scopes_of
from service.core.people import Permission, Role
from service.db.people import ApiKey
from service.web.api.people.forms import Login
from service.web.forms import Choice, Listing, Text
from service.web.ui.admin import people as list_
from service.web.ui.filled_forms import FilledForm
from service.web.ui.pages import Go, Once, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import Voice, voice
from service.work import Work

_PATH: Final = "/people/<uuid:person_id>"

pages = Pages()

ONE: Final = Page(
    name="person", path=_PATH, permission=Permission.MANAGE_PEOPLE, template="admin_person.html", under=list_.LIST
)
PASSWORD: Final = Page(
    name="person_password",
    path=f"{_PATH}/password",
    permission=Permission.MANAGE_PEOPLE,
    template="admin_password_new.html",
    under=ONE,
)


@dataclass(frozen=True, slots=True)
class NewRoles:
    """What somebody is to the service from now on."""

    roles: tuple[Role, ...]


class NewRolesForm(FilledForm):
    """All the roles somebody is to hold."""

    makes = NewRoles
    neutral: ClassVar[dict[str, object]] = {"roles": ()}

    roles = Listing(Choice(Role, said=""))


class LoginForm(FilledForm):
    """Under which name somebody signs in."""

    makes = Login
    neutral: ClassVar[dict[str, object]] = {"login": ""}

    login = Text(required=True)


class IdentityForm(FilledForm):
    """What an identity server calls somebody."""

    makes = NewIdentity
    neutral: ClassVar[dict[str, object]] = {"subject": ""}

    subject = Text(required=True)
    issuer = Text()


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A key as it is listed: its row, its scopes in words, and whether it counts."""

    row: ApiKey
    scopes: str
    state: str


@pages.page(ONE)
def read_person(call: PageCall[None], person_id: UUID, **_: object) -> Shows:
    """Show somebody, and what may be changed."""
    work, speaks = call.work, voice(call.spoken)
    known = people.get(work, person_id)
    return {
        "title": speaks.say("staff.gone") if known.is_erased else known.person.name,
        "known": known,
        "is_self": person_id == work.actor.person_id,
        "held": ",".join(known.roles),
        "roles": list_.offered(speaks),
        "signing_in": people.signing_in(work, person_id),
        "identities": people.find_identities(work, person_id),
        "issuer": work.settings.oidc_issuer,
        "keys": shown_keys(work, people.find_keys(work, person_id, ended=True), speaks),
    }


def shown_keys(work: Work, rows: list[ApiKey], speaks: Voice) -> list[ShownKey]:
    """Say of keys, the latest first, what they may be used for and whether they count."""
    return [ShownKey(row, _scopes(row, speaks), _state(work, row)) for row in reversed(rows)]


@pages.submission(
    Submission(
        name="set_roles",
        path=f"{_PATH}/roles",
        permission=Permission.MANAGE_PEOPLE,
        page=ONE,
        form=NewRolesForm(),
    )
)
def set_roles(call: PageCall[NewRoles], person_id: UUID) -> Go:
    """Let somebody hold these roles and no others."""
    people.set_roles(call.work, person_id, call.given.roles)
    return Go(f"/people/{person_id}", "said.roles_set")


@pages.submission(
    Submission(name="set_login", path=f"{_PATH}/login", permission=Permission.MANAGE_PEOPLE, page=ONE, form=LoginForm())
)
def set_login(call: PageCall[Login], person_id: UUID) -> Go:
    """Let somebody sign in under a name of their own."""
    people.name_login(call.work, person_id, call.given.login)
    return Go(f"/people/{person_id}", "said.login_set")


@pages.page(PASSWORD)
def prepare_password(call: PageCall[None], person_id: UUID) -> Shows:
    """Say what a new password ends."""
    known = people.get(call.work, person_id)
    title = voice(call.spoken).say("staff.password_for", name=known.person.name)
    return {"title": title, "known": known, "signing_in": people.signing_in(call.work, person_id)}


@pages.submission(
    Submission(name="give_password", path=PASSWORD.path, permission=Permission.MANAGE_PEOPLE, page=PASSWORD)
)
def give_password(call: PageCall[None], person_id: UUID) -> Once:
    """Give somebody a password that is shown this once."""
    name = people.get(call.work, person_id).person.name
    made = people.give_password(call.work, person_id)
    title = voice(call.spoken).say("staff.password_for", name=name)
    return Once(PASSWORD, "admin_password.html", {"title": title, "made": made, "person": person_id})


@pages.submission(
    Submission(name="end_sessions", path=f"{_PATH}/sessions", permission=Permission.MANAGE_PEOPLE, page=ONE)
)
def end_sessions(call: PageCall[None], person_id: UUID) -> Go:
    """End every session of somebody."""
    people.end_sessions(call.work, person_id)
    return Go(f"/people/{person_id}", "said.sessions_ended")


@pages.submission(
    Submission(
        name="link_identity",
        path=f"{_PATH}/identities",
        permission=Permission.MANAGE_PEOPLE,
        page=ONE,
        form=IdentityForm(),
    )
)
def link(call: PageCall[NewIdentity], person_id: UUID) -> Go:
    """Say that access tokens about a subject are somebody's."""
    people.link(call.work, person_id, call.given)
    return Go(f"/people/{person_id}", "said.identity_linked")


@pages.submission(
    Submission(
        name="unlink_identity",
        path=f"{_PATH}/identities/<uuid:identity_id>/unlink",
        permission=Permission.MANAGE_PEOPLE,
        page=ONE,
    )
)
def unlink(call: PageCall[None], person_id: UUID, identity_id: UUID) -> Go:
    """Say that access tokens about a subject are somebody's no more."""
    people.unlink(call.work, person_id, identity_id)
    return Go(f"/people/{person_id}", "said.identity_unlinked")


@pages.submission(
    Submission(
        name="revoke_key_of",
        path=f"{_PATH}/keys/<key_id>/revoke",
        permission=Permission.MANAGE_PEOPLE,
        page=ONE,
    )
)
def revoke_key(call: PageCall[None], person_id: UUID, key_id: str) -> Go:
    """End a key of somebody's now."""
    people.revoke_key(call.work, key_id, person_id)
    return Go(f"/people/{person_id}", "said.key_revoked", {"key": key_id})


def _scopes(row: ApiKey, speaks: Voice) -> str:
    scopes = scopes_of(row)
    if scopes is None:
        return speaks.say("ownkey.everything")
    return speaks.joined([speaks.say(f"ownkey.scope_{scope.name.lower()}") for scope in scopes])


def _state(work: Work, row: ApiKey) -> str:
    if row.revoked_at is not None:
        return "ending" if row.revoked_at > work.now else "revoked"
    return "live" if row.expires_at > work.now else "over"
