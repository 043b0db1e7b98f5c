"""Interests over HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from marshmallow import fields

from service.actions import interests
from service.actions.interests import AlreadyDeclaredError
from service.core.people import Permission
from service.db.people import InterestRow
from service.web.endpoints import Call, Endpoint, FormBody
from service.web.forms import Form, Text
from service.web.routes import Routes
from service.web.texts import credit_code
from service.web.views import Listed, MomentView, Plain, View

_ALL: Final = "/interests"
_NEW: Final[Mapping[str, object]] = {"interest": {"credit_code": "91379999DEM0000140"}}


@dataclass(frozen=True, slots=True)
class NewInterest:
    """The firm somebody is bound to."""

    credit_code: str


class NewInterestForm(Form):
    """A firm one is bound to."""

    makes = NewInterest
    neutral: ClassVar[Mapping[str, object]] = {"credit_code": ""}

    credit_code = Text(required=True, metadata=credit_code("统一社会信用代码 · the firm's credit code"))


class InterestView(View):
    """A declared interest."""

    credit_code = fields.String(required=True)
    declared_at = MomentView(required=True)


routes = Routes("interests", ("利害关系", "Interests"))


@routes.endpoint(
    Endpoint(
        method="POST",
        path=_ALL,
        permission=Permission.DECLARE_INTERESTS,
        title=("申报利害关系", "Declare an interest"),
        body=FormBody(NewInterestForm(), examples=_NEW),
        renders=Plain(InterestView()),
        status=201,
        repeatable=True,
        refuses=(AlreadyDeclaredError,),
    )
)
def declare_interest(call: Call[NewInterest]) -> InterestRow:
    """Declare that you are bound to a firm; from now on you have no part in judging its applications."""
    return interests.declare(call.work, call.given.credit_code)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ALL,
        permission=Permission.DECLARE_INTERESTS,
        title=("查看利害关系", "Read your interests"),
        renders=Listed(InterestView()),
    )
)
def find_interests(call: Call[None]) -> Sequence[InterestRow]:
    """List the firms you declared yourself bound to."""
    return interests.find(call.work)
