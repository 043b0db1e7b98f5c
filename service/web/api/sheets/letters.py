"""The decision letter as JSON and as it is printed."""

from collections.abc import Iterator

from marshmallow import fields

from service.core.cases.letters import Letter
from service.web.api.sheets.scores_view import OUTCOMES
from service.web.printing.pages import page
from service.web.printing.paper import Block, Heading, Listing, Paper, Sentence, Style, Terms
from service.web.views import Shown, View
from service.words import section


class LetterConditionView(View):
    """A condition: what is to be done, by whom, by when (a moment or a day), and what will show it."""

    text = fields.String(required=True)
    owner = fields.String(required=True)
    due = fields.String(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    evidence = fields.String(required=True)


class PassageView(View):
    """Sentences under a title."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    sentences = fields.List(fields.String(), required=True)


class LetterView(View):
    """What was decided, why, and what can be done: decision support, and no administrative licence."""

    number = fields.String(attribute="ruling.number", required=True)
    applicant_name = fields.String(attribute="ruling.applicant", required=True)
    credit_code = fields.String(attribute="ruling.credit_code", required=True)
    project_name = fields.String(attribute="ruling.project", required=True)
    of_version = fields.Integer(attribute="ruling.of_version", required=True)
    outcome = fields.String(attribute="ruling.outcome", required=True, metadata=OUTCOMES)
    assessed = fields.String(attribute="ruling.assessed", required=True, metadata=OUTCOMES)
    decided_on = fields.Date(attribute="ruling.decided_on", required=True)
    reconsider_until = fields.Date(
        attribute="ruling.reconsider_until",
        required=True,
        allow_none=True,
        metadata={"description": "The last day; null where the outcome is none that is decided again."},
    )
    conditions = fields.List(fields.Nested(LetterConditionView), attribute="ruling.conditions", required=True)
    title = fields.String(required=True)
    salutation = fields.String(required=True)
    opening = fields.String(required=True)
    passages = fields.List(fields.Nested(PassageView), required=True)
    notice = fields.String(required=True)
    signed = fields.String(required=True)


def print_page(letter: Letter, spoken: str) -> Shown:
    """Write the letter as a page, A4."""
    return page(paper(letter, spoken))


def paper(letter: Letter, spoken: str) -> Paper:
    """Lay the letter out."""
    return Paper(language=spoken, title=letter.title, blocks=tuple(_blocks(letter, spoken)))


def _blocks(letter: Letter, spoken: str) -> Iterator[Block]:
    words, ruling = section(spoken, "letters"), letter.ruling
    yield Terms(
        (
            (words["sheet_number"], ruling.number),
            (words["sheet_credit_code"], ruling.credit_code),
            (words["sheet_project"], ruling.project),
        )
    )
    yield Sentence(letter.salutation, Style.LEAD)
    yield Sentence(letter.opening)
    for passage in letter.passages:
        yield Heading(passage.title)
        if len(passage.sentences) == 1:
            yield Sentence(passage.sentences[0])
        else:
            yield Listing(passage.sentences)
    yield Sentence(letter.notice, Style.NOTE)
    yield Sentence(letter.signed, Style.SIGNED)
