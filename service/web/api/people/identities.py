"""The endpoints of identities: whose access tokens are a person's."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from service.actions import people
from service.actions.people import AlreadyErasedError, IdentityTakenError, NewIdentity, NoIssuerError
from service.core.people import Permission
from service.db.people import PersonIdentity
from service.web.api.people.endpoints import ONE, routes
from service.web.api.people.forms import NewIdentityForm
from service.web.api.people.views import IdentityView
from service.web.endpoints import Call, Endpoint, FormBody
from service.web.forms import Empty, Nothing
from service.web.views import Listed, Plain

_ALL: Final = f"{ONE}/identities"
_NEW: Final[Mapping[str, object]] = {
    "identity": {"subject": "f2b1c9d4-5f3a-4c55-9d1b-9a57a34f60c8", "issuer": "https://id.zone.example"}
}


@routes.endpoint(
    Endpoint(
        method="POST",
        path=_ALL,
        permission=Permission.MANAGE_PEOPLE,
        title=("关联统一身份", "Link an identity"),
        body=FormBody(NewIdentityForm(), examples=_NEW),
        renders=Plain(IdentityView()),
        status=201,
        repeatable=True,
        withholds=("subject",),
        refuses=(AlreadyErasedError, IdentityTakenError, NoIssuerError),
    )
)
def link_identity(call: Call[NewIdentity], person_id: UUID) -> PersonIdentity:
    """Say that access tokens about this subject are this person's: one person, whatever they show."""
    return people.link(call.work, person_id, call.given)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ALL,
        permission=Permission.MANAGE_PEOPLE,
        title=("查询统一身份", "Find identities"),
        renders=Listed(IdentityView()),
    )
)
def find_identities(call: Call[None], person_id: UUID) -> Sequence[PersonIdentity]:
    """List who a person is to identity servers."""
    return people.find_identities(call.work, person_id)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ALL}/<uuid:identity_id>/unlink",
        permission=Permission.MANAGE_PEOPLE,
        title=("解除统一身份", "Unlink an identity"),
        body=FormBody(Empty(), optional=True),
        renders=Plain(IdentityView()),
        repeatable=True,
        withholds=("subject",),
    )
)
def unlink_identity(call: Call[Nothing], person_id: UUID, identity_id: UUID) -> PersonIdentity:
    """Say that access tokens about a subject are this person's no more. It counts at once."""
    return people.unlink(call.work, person_id, identity_id)
