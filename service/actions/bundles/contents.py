"""What the entries of a case name by hash and the database keeps, or can work out again, to the byte."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from service.actions import rulebooks
from service.actions.applications.facts import stored_facts
from service.actions.bundles.chain import Link
from service.core.cases.headers import header
from service.core.errors import SluiceError
from service.core.ledger.bundles import named
from service.core.ledger.canonical import canonical_bytes
from service.core.rules.facts import canonical
from service.core.values import Json
from service.db.applications import ApplicationRow, ApplicationVersion, AssessmentRow
from service.db.meetings import DecisionRow, MeetingItemRow
from service.db.rulebooks import RulebookRow
from service.work import Work

_LANGUAGES: Final = ("zh", "en")
_TABLED: Final = frozenset({"application.tabled", "application.retabled"})


def of(work: Work, case: ApplicationRow, links: Iterable[Link]) -> dict[str, bytes]:
    """Give every content that entries of a case name and that is there, by its hash (hex), but for papers."""
    events = [link.event for link in links]
    wanted = {sha256 for event in events for hashes in named(event["type"], event["data"]) for sha256 in hashes}
    found = {_sha256(content): content for content in (*_stored(work, case), *_rules(work, wanted))}
    if not wanted <= found.keys():
        found |= {_sha256(content): content for event in events for content in _again(work, event)}
    return {sha256: found[sha256] for sha256 in sorted(wanted & found.keys())}


def required(links: Iterable[Link]) -> set[str]:
    """Give every hash that must be there; the facts of drafts are kept only as far as they were submitted."""
    return {sha256 for link in links for sha256 in named(link.event["type"], link.event["data"])[0]}


def _stored(work: Work, case: ApplicationRow) -> Iterator[bytes]:
    yield canonical_bytes(_header(case))
    yield from _facts(work, case.rulebook_sha256, case.facts)
    versions = select(ApplicationVersion).where(ApplicationVersion.application_id == case.id)
    for version in work.session.scalars(versions.order_by(ApplicationVersion.n)):
        yield from _facts(work, version.rulebook_sha256, version.facts)
    for row in work.session.scalars(select(AssessmentRow).where(AssessmentRow.application_id == case.id)):
        yield from (row.report_zh.encode(), row.report_en.encode())
    for item in work.session.scalars(select(MeetingItemRow).where(MeetingItemRow.application_id == case.id)):
        texts = (item.declared_zh, item.declared_en, item.verified_zh, item.verified_en)
        yield from (text.encode() for text in texts)
    for made in work.session.scalars(select(DecisionRow).where(DecisionRow.application_id == case.id)):
        yield from (made.conditions.encode(), made.dissent.encode())


def _rules(work: Work, wanted: set[str]) -> Iterator[bytes]:
    yield from work.session.scalars(select(RulebookRow.source).where(RulebookRow.sha256.in_(wanted)))


def _header(case: ApplicationRow) -> dict[str, Any]:
    top = header(case.applicant_name, case.credit_code, case.project_name, case.project_code)
    return {name: getattr(top, name) for name in ("applicant_name", "credit_code", "project_name", "project_code")}


def _facts(work: Work, rulebook_sha256: str, text: str) -> Iterator[bytes]:
    """Give facts the way an edition reads them, which is what entries hash."""
    try:
        yield canonical(rulebooks.edition(work, rulebook_sha256).read(stored_facts(text)).values).encode()
    except SluiceError:
        return


def _again(work: Work, event: Mapping[str, Any]) -> Iterator[bytes]:
    """Write the reports again that a case was tabled with and that another tabling has replaced since."""
    if event["type"] not in _TABLED:
        return
    data = event["data"]
    version = work.session.get(ApplicationVersion, (UUID(event["subject"]["id"]), data.get("n")))
    if version is None:
        return
    declared = stored_facts(version.facts)
    left_out = frozenset(data["left_out"])
    verified = {name: value for name, value in declared.items() if name not in left_out}
    for raw in (declared, verified):
        yield from _reports(work, data, raw)


def _reports(work: Work, data: Mapping[str, Any], raw: dict[str, Json]) -> Iterator[bytes]:
    try:
        engine = rulebooks.edition(work, data["rulebook_sha256"])
        facts = engine.read(raw)
    except SluiceError:
        return
    yield from (engine.explain(facts, language, frozenset(data["waived"])).encode() for language in _LANGUAGES)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
