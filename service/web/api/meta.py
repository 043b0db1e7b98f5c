"""What a caller may want to know before sending anything: the edition in force, and the limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields

from service.actions import rulebooks
from service.actions.applications import LARGEST_PAGE, MOST_LISTED
from service.actions.replies import LONGEST_KEY
from service.actions.rulebooks import NoRulebookInForceError
from service.core.people import Permission
from service.core.rules.model import Rulebook
from service.tables import LIMITS
from service.web.api.assessments import MOST_ITEMS
from service.web.endpoints import Call, Endpoint
from service.web.process import runtime
from service.web.routes import Routes
from service.web.views import Plain, View
from service.words import LANGUAGES


@dataclass(frozen=True, slots=True)
class Meta:
    """The edition in force, what is spoken, and how much is taken at once."""

    rulebook: Rulebook
    title: str
    languages: tuple[str, ...]
    limits: Mapping[str, int]


class RulebookView(View):
    """An edition of the rules."""

    id = fields.String(attribute="rulebook.id", required=True)
    edition = fields.String(attribute="rulebook.edition", required=True)
    title = fields.String(required=True)
    sha256 = fields.String(attribute="rulebook.sha256", required=True)
    in_force_from = fields.Date(attribute="rulebook.in_force_from", required=True)


class MetaView(View):
    """What the service takes."""

    rulebook = fields.Function(lambda found: RulebookView().dump(found), required=True, metadata={"type": "object"})
    languages = fields.List(fields.String(), required=True)
    limits = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


routes = Routes("meta", ("概况", "About the service"))


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/meta",
        permission=Permission.ASSESS,
        title=("现行规则与限额", "The edition in force, and limits"),
        renders=Plain(MetaView()),
        refuses=(NoRulebookInForceError,),
    )
)
def get_meta(call: Call[Any]) -> Meta:
    """Say which edition of the rules is in force today, the languages of answers, and how much is taken at once."""
    rulebook = rulebooks.in_force(call.work, call.work.today).rulebook
    settings = runtime().settings
    limits = {
        "body_bytes": settings.max_body_bytes,
        "evidence_bytes": settings.evidence_max_bytes,
        "items": MOST_ITEMS,
        "page": LARGEST_PAGE,
        "idempotency_key_characters": LONGEST_KEY,
        "export_rows": MOST_LISTED,
        **LIMITS,
        "requests_per_minute": settings.requests_per_minute,
        "failures_per_minute": settings.failures_per_minute,
    }
    return Meta(rulebook, getattr(rulebook.title, call.spoken), LANGUAGES, limits)
