"""Pre-checks over HTTP: facts in, the assessment out, nothing stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Final, TypeAlias
from uuid import UUID

from service.actions import assessments
from service.actions.rulebooks import NoRulebookInForceError
from service.core.errors import Flaw, InvalidError, NotFoundError
from service.core.people import Permission
from service.core.values import Json
from service.web import counting, problems, shapes
from service.web.endpoints import Call, Endpoint
from service.web.forms import Form, Given, Identifier
from service.web.routes import Routes
from service.web.views import Shape, Shown, Verbatim, json_text

MOST_ITEMS: Final = 1_000

_ITEMS: Final = "items"

# One text, or for each item in order its text or what is wrong with it.
Found: TypeAlias = "str | Sequence[str | InvalidError]"


@dataclass(frozen=True, slots=True)
class Beside:
    """What is asked beside the facts: the case whose waivers count."""

    application: UUID | None


class BesideForm(Form):
    """What may be asked beside the facts."""

    makes = Beside
    neutral: ClassVar[Mapping[str, object]] = {"application": None}

    application = Identifier(
        metadata={"description": "按该申报已予的豁免评价 · score with what is waived for this application today"}
    )


routes = Routes("assessments", ("预评价", "Assessments"))


@dataclass(frozen=True, slots=True)
class FactsBody:
    """Flat facts, or an object whose only member ``items`` is a list of them.

    A fact that is a list and called ``items`` can therefore not stand alone.
    """

    optional: bool = False
    examples: Mapping[str, object] = field(
        default_factory=lambda: MappingProxyType(
            {
                "one": {"industry_code": "3453", "nature": "new", "fai_10k": 12000},
                "many": {"items": [{"industry_code": "3453"}, {"industry_code": "2614"}]},
            }
        )
    )

    @property
    def shape(self) -> Shape:
        """Either form."""
        items = {"type": "array", "maxItems": MOST_ITEMS, "items": shapes.FACTS}
        many = {"type": "object", "required": [_ITEMS], "properties": {_ITEMS: items}, "additionalProperties": False}
        return {"anyOf": [shapes.FACTS, many]}

    def read(self, raw: dict[str, Json]) -> Given[dict[str, Json] | list[Json]]:
        """Tell the two forms apart."""
        items = raw.get(_ITEMS)
        if len(raw) != 1 or not isinstance(items, list):
            return Given(raw)
        if len(items) > MOST_ITEMS:
            return Given([], (Flaw(f"/{_ITEMS}", "items_count", {"length": len(items), "most": MOST_ITEMS}),))
        return Given(items)


@dataclass(frozen=True, slots=True)
class Assessed:
    """Renders reports as the texts they are."""

    headers: tuple[str, ...] = ()

    @property
    def shape(self) -> Shape:
        """A report, or a list of reports and errors."""
        error = {
            "type": "object",
            "required": ["error"],
            "properties": {"error": shapes.ITEM_PROBLEM},
        }
        items = {"type": "array", "items": {"anyOf": [shapes.ASSESSMENT, error]}}
        return {"anyOf": [shapes.ASSESSMENT, {"type": "object", "required": [_ITEMS], "properties": {_ITEMS: items}}]}

    def __call__(self, value: Found, spoken: str) -> Shown:
        """Render what was found."""
        if isinstance(value, str):
            return Shown(value.encode())
        items = [
            {"error": problems.problem(found, spoken)} if isinstance(found, InvalidError) else Verbatim(found)
            for found in value
        ]
        return Shown(json_text({_ITEMS: items}).encode())


@routes.endpoint(
    Endpoint(
        method="POST",
        path="/assessments",
        permission=Permission.ASSESS,
        title=("预评价：只评价，不保存", "Assess facts, store nothing"),
        body=FactsBody(),
        query=BesideForm(),
        renders=Assessed(),
        stores=False,
        refuses=(NoRulebookInForceError, NotFoundError),
    )
)
def assess(call: Call[dict[str, Json] | list[Json]]) -> Found:
    """Score facts by the edition in force today, and store nothing.

    The content is one object of facts, or `{"items": […]}` with up to 1 000 of them; the answer to those has an
    assessment, or `{"error": …}` with every flaw, for each in order. With `application` the gates count for nothing
    that are waived for that application today.
    """
    case_id = None if call.asked is None else call.asked.application
    found: Found
    if isinstance(call.given, list):
        found = assessments.assess_each(call.work, call.given, call.spoken, case_id)
        counting.assessed(report for report in found if isinstance(report, str))
    else:
        found = assessments.assess(call.work, call.given, call.spoken, case_id)
        counting.assessed((found,))
    return found
