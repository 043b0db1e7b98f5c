"""An assessment in sentences for one reader: as a page of text, to be read at a table, or as JSON."""

from collections.abc import Iterator
from typing import Final

import click

from service.cli.columns import paragraph
from service.core.rules.assessment import Assessment
from service.core.rules.engine import Engine
from service.core.rules.explain import explain
from service.core.rules.explaining.shapes import Explanation, Reader
from service.core.values import write_json
from service.words import together

_NUMBER: Final = 6


def explained(engine: Engine, assessment: Assessment, reader: Reader, language: str) -> Explanation:
    """Explain an assessment by this engine's rulebook."""
    return explain(engine.rulebook, assessment, reader, together("assessment", "explanations"), language)


def lines(explanation: Explanation) -> Iterator[str]:
    """Give the lines of a page under its heading; sections and sentences are numbered, to be pointed at."""
    yield explanation.title
    for number, section in enumerate(explanation.sections, start=1):
        yield ""
        yield click.style(f"{number}  {section.title}", bold=True)
        for place, saying in enumerate(section.sayings, start=1):
            yield from paragraph(saying.text, f"{number}.{place}".ljust(_NUMBER))
    yield ""
    yield explanation.notice


def as_json(explanation: Explanation) -> str:
    """Write an explanation on one line."""
    return write_json(
        {
            "reader": explanation.reader.value,
            "title": explanation.title,
            "sections": [
                {
                    "id": section.id,
                    "title": section.title,
                    "sentences": [
                        {"about": saying.about.value, "id": saying.id, "text": saying.text}
                        for saying in section.sayings
                    ],
                }
                for section in explanation.sections
            ],
            "notice": explanation.notice,
        }
    )
