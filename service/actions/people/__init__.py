"""People: who they are, what they may do, and the keys and identities they show."""

from service.actions.people.add import add
from service.actions.people.erase import erase
from service.actions.people.identities import (
    IdentityTakenError,
    NewIdentity,
    NoIssuerError,
    find_identities,
    link,
    unlink,
)
from service.actions.people.keeping import LIVE_KEYS, KeyWiderError, TooManyKeysError, scopes_of
from service.actions.people.keys import KEY_LIFETIME, find_keys, issue, issue_key, issue_own, revoke_key
from service.actions.people.me import Me, me
from service.actions.people.reading import ERASED, AlreadyErasedError, Known, Query, find, get, page
from service.actions.people.roles import OwnRolesError, set_roles
from service.actions.people.rotation import LONGEST_OVERLAP, Rotation, rotate
from service.actions.people.secret import Issued, NewKey, key_text
from service.actions.people.signing_in import (
    PasswordKind,
    SigningIn,
    end_sessions,
    give_password,
    name_login,
    signing_in,
)
from service.actions.people.used import is_due, note_use
from service.actions.people.who import bearer, who

__all__ = [
    "ERASED",
    "KEY_LIFETIME",
    "LIVE_KEYS",
    "LONGEST_OVERLAP",
    "AlreadyErasedError",
    "IdentityTakenError",
    "Issued",
    "KeyWiderError",
    "Known",
    "Me",
    "NewIdentity",
    "NewKey",
    "NoIssuerError",
    "OwnRolesError",
    "PasswordKind",
    "Query",
    "Rotation",
    "SigningIn",
    "TooManyKeysError",
    "add",
    "bearer",
    "end_sessions",
    "erase",
    "find",
    "find_identities",
    "find_keys",
    "get",
    "give_password",
    "is_due",
    "issue",
    "issue_key",
    "issue_own",
    "key_text",
    "link",
    "me",
    "name_login",
    "note_use",
    "page",
    "revoke_key",
    "rotate",
    "scopes_of",
    "set_roles",
    "signing_in",
    "unlink",
    "who",
]
