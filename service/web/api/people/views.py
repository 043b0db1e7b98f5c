"""What people, keys and identities show."""

import json
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields

from service.actions.people import PasswordKind
from service.core.people import Credential, Permission, Role, Scope
from service.web.views import MomentView, View


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


def _texts(kind: type[Role] | type[Permission]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": [one.value for one in kind]}}


_SCOPES: Final[dict[str, Any]] = {
    "type": ["array", "null"],
    "items": {"type": "string", "enum": [scope.value for scope in Scope]},
    "description": "What it may be used for; null: for all that its person may do.",
}


def _sorted(shown: Credential) -> list[str] | None:
    return None if shown.scopes is None else sorted(shown.scopes)


# What names somebody is not kept with answers, where erasing them would not find it.
_NOT_REPEATED: Final = "Null in an answer that is repeated."


class PersonView(View):
    """A person and what they are to the service."""

    id = fields.UUID(required=True)
    name = fields.String(attribute="person.name", required=True, allow_none=True, metadata=_said(_NOT_REPEATED))
    roles = fields.Function(lambda known: [role.value for role in known.roles], required=True, metadata=_texts(Role))
    department = fields.String(attribute="person.department", required=True, allow_none=True)
    erased = fields.Boolean(attribute="is_erased", required=True, metadata=_said("What named them is gone."))
    created_at = MomentView(required=True)
    version = fields.Integer(required=True, metadata=_said("Counts changes of the person and their roles; the ETag."))


class KeyView(View):
    """A key, without its secret."""

    id = fields.String(required=True)
    label = fields.String(required=True, allow_none=True, metadata=_said(_NOT_REPEATED))
    scopes = fields.Function(
        lambda row: None if row.scopes is None else json.loads(row.scopes), required=True, metadata=_SCOPES
    )
    created_at = MomentView(required=True)
    expires_at = MomentView(required=True)
    revoked_at = MomentView(
        required=True, allow_none=True, metadata=_said("From then on it does not count; ahead of now after a rotation.")
    )
    last_used_at = MomentView(required=True, allow_none=True, metadata=_said("May be an hour behind."))


class IssuedKeyView(View):
    """A key that is new, with its secret, which is never shown again."""

    key = fields.String(
        attribute="text",
        required=True,
        allow_none=True,
        metadata=_said("Show it as a bearer token. It is in this answer and no other: null in one that is repeated."),
    )
    id = fields.String(attribute="row.id", required=True)
    label = fields.String(attribute="row.label", required=True, allow_none=True, metadata=_said(_NOT_REPEATED))
    scopes = fields.Function(lambda issued: KeyView().dump(issued.row)["scopes"], required=True, metadata=_SCOPES)
    created_at = MomentView(attribute="row.created_at", required=True)
    expires_at = MomentView(attribute="row.expires_at", required=True)


class IdentityView(View):
    """Who a person is to an identity server."""

    id = fields.UUID(required=True)
    issuer = fields.String(required=True)
    subject = fields.String(required=True, allow_none=True, metadata=_said(_NOT_REPEATED))
    linked_at = MomentView(required=True)


class SigningInView(View):
    """How somebody signs in to the pages."""

    login = fields.String(required=True, allow_none=True, metadata=_said(_NOT_REPEATED))
    password = fields.Function(
        lambda told: told.password.value, required=True, metadata={"enum": [kind.value for kind in PasswordKind]}
    )
    password_set_at = MomentView(attribute="set_at", required=True, allow_none=True)
    password_until = MomentView(
        attribute="until", required=True, allow_none=True, metadata=_said("When a one-time password ends.")
    )
    sessions = fields.Integer(required=True, metadata=_said("Sessions that are open."))


class IssuedPasswordView(SigningInView):
    """The same, with a password that is new and never shown again."""

    one_time_password = fields.String(
        attribute="text",
        required=True,
        allow_none=True,
        metadata=_said("Opens nothing but the choice of another. Null in an answer that is repeated."),
    )


class CredentialView(View):
    """What was shown: a key, or a token, which has no identifier."""

    kind = fields.Function(lambda shown: "token" if shown.id is None else "key", required=True)
    id = fields.String(required=True, allow_none=True)
    scopes = fields.Function(_sorted, required=True, metadata=_SCOPES)
    expires_at = MomentView(required=True)


class MeView(View):
    """Whoever asks."""

    id = fields.UUID(attribute="person.id", required=True)
    name = fields.String(attribute="person.name", required=True)
    department = fields.String(attribute="person.department", required=True, allow_none=True)
    roles = fields.Function(lambda me: [role.value for role in me.roles], required=True, metadata=_texts(Role))
    permissions = fields.Function(
        lambda me: [permission.value for permission in me.permissions], required=True, metadata=_texts(Permission)
    )
    credential = fields.Nested(CredentialView, required=True, allow_none=True)


def example_key() -> Mapping[str, object]:
    """Give what a key for reading cases is asked for with."""
    return {"key": {"label": "ERP 对接", "scopes": [Scope.CASES_READ.value, Scope.EVENTS.value]}}
