"""Whether an explanation says anything that has no grounds, or leaves out what has to be said."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import permutations
from string import Formatter
from typing import Any

from service.core.rules.explaining.shapes import About, Explanation, Reader, Saying
from service.core.values import CONTEXT, number_text
from tests.core.rules.explaining.grounds import Grounds

KINDS = {About.GATE: "gates", About.CRITERION: "criteria"}

_WAIVED = ("已予豁免", "waived")
_UNCONFIRMED = {"zh": "，尚未核实", "en": ", not confirmed"}
_CLOSING = {"zh": "）", "en": ")"}
_BEFORE = {"zh": "；依据：", "en": "; under "}
_BETWEEN = {"zh": "、", "en": " and "}
_NUMBER = re.compile(r"(?:(?<!\w)-)?\d+(?:\.\d+)?")


@cache
def numbers(text: str) -> frozenset[Decimal]:
    """Every number in a text."""
    return frozenset(Decimal(found) for found in _NUMBER.findall(text))


def fragments(words: Mapping[str, str]) -> set[str]:
    """What the sentences consist of apart from what is filled in."""
    return {text for said in words.values() for text, *_ in Formatter().parse(said) if text}


def complaints(explanation: Explanation, grounds: Grounds, words: Mapping[str, str]) -> Iterator[str]:
    """Everything that is wrong with an explanation; ``words`` are those it was made with, in its language."""
    constant = fragments(words)
    for section in explanation.sections:
        for saying in section.sayings:
            for fault in (*_numbers(saying, grounds, constant), *_outcomes(saying, grounds, words)):
                yield f"{saying.about} {saying.id}: {fault}: {saying.text}"
            for fault in (*_rest(saying, grounds, words, constant), *_missed(saying, grounds)):
                yield f"{saying.about} {saying.id}: {fault}: {saying.text}"
            for fault in _clauses(saying, grounds, words):
                yield f"{saying.about} {saying.id}: {fault}: {saying.text}"
    yield from _left_out(explanation, grounds)
    yield from _notice(explanation, words)


def _numbers(saying: Saying, grounds: Grounds, constant: Iterable[str]) -> Iterator[str]:
    """A number stands in the grounds, or is how far two of those are apart that stand in the sentence too."""
    said = [text for text in constant if text in saying.text]
    known: set[Decimal] = set().union(*map(numbers, (*grounds.of(saying), *said)))
    found = numbers(saying.text)
    apart = {CONTEXT.abs(CONTEXT.subtract(one, other)) for one, other in permutations(found & known, 2)} | {Decimal(0)}
    yield from (f"number {number_text(one)}" for one in found - known - apart)


def _outcomes(saying: Saying, grounds: Grounds, words: Mapping[str, str]) -> Iterator[str]:
    names = {words[f"outcome_{name}"]: name for name in ("approve", "conditional", "defer", "reject")}
    told = {names[said] for said in re.findall("“([^“”]*)”", saying.text) if said in names}
    yield from (f"outcome {name}" for name in told - grounds.outcomes(saying))


def _rest(saying: Saying, grounds: Grounds, words: Mapping[str, str], constant: set[str]) -> Iterator[str]:
    """Nothing is left of a sentence without its grounds, the words it is made of, and numbers."""
    texts = {" ".join(text.split()) for text in grounds.of(saying)} | grounds.of(saying) | constant
    texts |= {words[f"outcome_{name}"] for name in grounds.outcomes(saying)}
    text = saying.text
    for known in _longest(known for known in texts if known in text and not _NUMBER.fullmatch(known)):
        text = text.replace(known, "\0")
    rest = _NUMBER.sub("", text).replace("\0", "").strip()
    if rest:
        yield f"words without grounds “{rest}”"


def _longest(texts: Iterable[str]) -> Sequence[str]:
    return sorted(filter(None, texts), key=lambda text: (-len(text), text))


def _clauses(saying: Saying, grounds: Grounds, words: Mapping[str, str]) -> Iterator[str]:
    """A gate or criterion ends with every source it cites, its articles and level, and what is not confirmed."""
    if saying.about in KINDS:
        cited = grounds.cited(grounds.rule(KINDS[saying.about], saying.id))
        spelt = _clause_zh if grounds.language == "zh" else _clause_en
        clauses = [spelt(title, articles, level, words[f"level_{level}"]) for title, articles, level, _ in cited]
        ends = [("" if confirmed else _UNCONFIRMED[grounds.language]) for *_, confirmed in cited]
        whole = [f"{clause}{end}{_CLOSING[grounds.language]}" for clause, end in zip(clauses, ends, strict=True)]
        told = _BEFORE[grounds.language] + _BETWEEN[grounds.language].join(whole) + words["end"]
        if not saying.text.endswith(told):
            yield f"it does not end with {told}"


def _clause_zh(title: str, articles: Sequence[str], level: str, named: str) -> str:
    return f"《{title}》{'、'.join(_article_zh(article, level) for article in articles)}（{named}"


def _article_zh(article: str, level: str) -> str:
    number, _, paragraph = article.removesuffix(")").partition("(")
    if paragraph:
        return f"第{number}条第{paragraph}款" if level == "law" else f"条目 {article}"
    return f"第{number}条"


def _clause_en(title: str, articles: Sequence[str], _level: str, named: str) -> str:
    numbers = f", article{'s' * (len(articles) > 1)} {', '.join(articles)}" if articles else ""
    return f"{title}{numbers} ({named}"


def _left_out(explanation: Explanation, grounds: Grounds) -> Iterator[str]:
    """Every gate, criterion, missing fact and condition is told once; an applicant has improvements with criteria."""
    count = Counter((saying.about, saying.id) for part in explanation.sections for saying in part.sayings)
    for about, section in KINDS.items():
        for result in grounds.report[section]:
            if count[about, result["id"]] != 1:
                yield f"{about} {result['id']} is told {count[about, result['id']]} times"
    due = [(About.FACT, item["fact"]) for item in grounds.report["unknown"]]
    due += [
        (About.CONDITION, item["id"])
        for item in grounds.report["action_plan"]
        if "text" in item or explanation.reader is not Reader.APPLICANT
    ]
    yield from (f"{about} {name} is told {count[about, name]} times" for about, name in due if count[about, name] != 1)


def _missed(saying: Saying, grounds: Grounds) -> Iterator[str]:
    """What is unknown names the facts it misses; what scores too low says where it must get to."""
    if saying.about in KINDS:
        result = grounds.result(KINDS[saying.about], saying.id)
        if ("waived" in result) is not any(word in saying.text for word in _WAIVED):
            yield "whether it is waived is not told rightly"
        plan = [item for item in grounds.report["action_plan"] if item["id"] == saying.id and "text" not in item]
        yield from (f"{one} is not told" for one in plan if _target(one, saying, grounds) not in saying.text)
        if result["state"] == "unknown":
            yield from (
                f"{label} is not missed" for label in grounds.missing(result["reads"]) if label not in saying.text
            )


def _target(item: Mapping[str, Any], saying: Saying, grounds: Grounds) -> str:
    """How the target of an improvement is spelt, without its unit."""
    target = item["target"]
    if saying.about is not About.CRITERION or target is None:
        return ""
    return number_text(target) if isinstance(target, Decimal) else grounds.choice(saying.id, target)


def _notice(explanation: Explanation, words: Mapping[str, str]) -> Iterator[str]:
    count = sum(text.count(words["notice"]) for text in explanation.texts)
    if count != 1:
        yield f"that it is no licence is said {count} times"
