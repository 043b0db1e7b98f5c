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
from service.actions.people.keys import KEY_LIFETIME, find_keys, issue, issue_key, revoke_key
from service.actions.people.me import Me, me
from service.actions.people.reading import ERASED, AlreadyErasedError, Known, Query, find, get, page
from service.actions.people.roles import OwnRolesError, set_roles
from service.actions.people.rotation import LONGEST_OVERLAP, Rotation, rotate
from service.actions.people.secret import Issued, NewKey, key_text
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
    "Query",
    "Rotation",
    "TooManyKeysError",
    "add",
    "bearer",
    "erase",
    "find",
    "find_identities",
    "find_keys",
    "get",
    "is_due",
    "issue",
    "issue_key",
    "key_text",
    "link",
    "me",
    "note_use",
    "page",
    "revoke_key",
    "rotate",
    "scopes_of",
    "set_roles",
    "unlink",
    "who",
]
