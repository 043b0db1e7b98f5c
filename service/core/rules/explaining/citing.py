"""What a rule rests on, in words: titles and articles of its sources, their level, and what is not confirmed."""

import re
from collections.abc import Iterable, Sequence

from service.core.rules.model import Citation, Level, Source
from service.core.rules.wording import Wording

_PARAGRAPH = re.compile(r"(\d+)\((\d+)\)")


def cites(wording: Wording, citations: Iterable[Citation]) -> str:
    """Say what a rule rests on; ``wording`` has the words of the section ``explanations`` too."""
    articles: dict[str, list[str]] = {}
    for each in citations:
        articles.setdefault(each.source, []).extend([] if each.article is None else [each.article])
    sources = wording.rulebook.sources
    clauses = [_clause(wording, sources[source], found) for source, found in articles.items()]
    return wording.say("cites", clauses=wording.words["clauses_joint"].join(clauses))


def _clause(wording: Wording, source: Source, articles: Sequence[str]) -> str:
    said = wording.words["enumeration"].join(_article(wording, article, source.level) for article in articles)
    if articles:
        said = wording.say("articles_many" if len(articles) > 1 else "articles_one", articles=said)
    code = "clause" if source.confirmed else "clause_unconfirmed"
    return wording.say(
        code, title=wording.label(source.title), articles=said, level=wording.words[f"level_{source.level}"]
    )


def _article(wording: Wording, article: str, level: Level) -> str:
    """Say an article; a number in brackets is certain to be a paragraph only in a law."""
    paragraph = _PARAGRAPH.fullmatch(article)
    if paragraph is not None and level is Level.LAW:
        return wording.say("article_paragraph", article=paragraph[1], paragraph=paragraph[2])
    return wording.say("article" if article.isdecimal() else "article_other", article=article)
