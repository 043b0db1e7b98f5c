"""The endpoints of keys: issuing them, listing them, rotating and revoking them."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from service.actions import people
from service.actions.people import AlreadyErasedError, Issued, KeyWiderError, NewKey, Rotation, TooManyKeysError
from service.core.people import Permission
from service.db.people import ApiKey
from service.web.api.people.endpoints import ONE, routes
from service.web.api.people.forms import NewKeyForm, RotationForm
from service.web.api.people.views import IssuedKeyView, KeyView, example_key
from service.web.endpoints import Call, Endpoint, FormBody
from service.web.forms import Empty, Nothing
from service.web.views import Listed, Plain

_ALL: Final = f"{ONE}/keys"
_ONE: Final = f"{_ALL}/<string:key_id>"
# What is kept for a repetition has neither the secret, which is shown once, nor what may name somebody.
_WITHHELD: Final = ("key", "label")


@routes.endpoint(
    Endpoint(
        method="POST",
        path=_ALL,
        permission=Permission.MANAGE_PEOPLE,
        title=("签发接口密钥", "Issue a key"),
        body=FormBody(NewKeyForm(), examples=example_key(), optional=True),
        renders=Plain(IssuedKeyView()),
        status=201,
        repeatable=True,
        withholds=_WITHHELD,
        refuses=(AlreadyErasedError, KeyWiderError, TooManyKeysError),
    )
)
def issue_key(call: Call[NewKey], person_id: UUID) -> Issued:
    """Issue a key to a person, who has two live ones at most. Its secret is in this answer and no other."""
    return people.issue(call.work, person_id, call.given)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ALL,
        permission=Permission.KEEP_OWN_KEYS,
        title=("查询接口密钥", "Find keys"),
        renders=Listed(KeyView()),
    )
)
def find_keys(call: Call[None], person_id: UUID) -> Sequence[ApiKey]:
    """List your own keys, those that ended too, in the order they were issued; an administrator lists anybody's."""
    return people.find_keys(call.work, person_id, ended=True)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ONE}/rotate",
        permission=Permission.KEEP_OWN_KEYS,
        title=("轮换接口密钥", "Rotate a key"),
        body=FormBody(RotationForm(), examples={"rotation": {"overlap_hours": 24}}, optional=True),
        renders=Plain(IssuedKeyView()),
        status=201,
        repeatable=True,
        withholds=_WITHHELD,
        refuses=(KeyWiderError, TooManyKeysError),
    )
)
def rotate_key(call: Call[Rotation], person_id: UUID, key_id: str) -> Issued:
    """Take a new key for the same in place of an old one of yours, which goes on counting for a while."""
    return people.rotate(call.work, person_id, key_id, call.given)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ONE}/revoke",
        permission=Permission.KEEP_OWN_KEYS,
        title=("吊销接口密钥", "Revoke a key"),
        body=FormBody(Empty(), optional=True),
        renders=Plain(KeyView()),
        repeatable=True,
        withholds=("label",),
    )
)
def revoke_key(call: Call[Nothing], person_id: UUID, key_id: str) -> ApiKey:
    """End a key of yours now; an administrator ends anybody's."""
    return people.revoke_key(call.work, key_id, person_id)
