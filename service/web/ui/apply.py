"""Applying: the form of a new application or of one that is being written, with its pre-check beside it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from flask import request

from service.actions import applications, assessments, rulebooks
from service.actions.applications import NewApplication, NewHeader
from service.core.cases.headers import is_settled
from service.core.cases.states import State
from service.core.errors import Flaw, InvalidError
from service.core.imports import fields as typed
from service.core.imports.fields import Typed
from service.core.people import Permission
from service.core.rules.model import Rulebook
from service.core.values import read_json
from service.db.applications import ApplicationRow
from service.web import counting
from service.web.ui import cases, home, sent
from service.web.ui.apply_form import Form
from service.web.ui.case_around import returned
from service.web.ui.filled_forms import AnyForm, Texts
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.precheck import panel
from service.web.ui.rendering import Fault, Filled
from service.web.ui.voice import voice
from service.words import problems as words
from service.work import Work

HEADER: Final = ("applicant_name", "credit_code", "project_name", "project_code")

_SUBMIT: Final = "submit"

pages = Pages()


NEW = Page(
    name="apply",
    path="/cases/new",
    permission=Permission.CREATE_CASES,
    template="apply.html",
    in_navigation=True,
    under=home.PAGE,
)
TRIED = Page(
    name="apply_precheck",
    path="/cases/precheck",
    permission=Permission.CREATE_CASES,
    template="apply.html",
    form=AnyForm(),
    of=NEW,
)
EDIT = Page(
    name="edit",
    path="/cases/<uuid:case_id>/edit",
    permission=Permission.EDIT_CASES,
    template="apply.html",
    under=cases.ONE,
)
EDIT_TRIED = Page(
    name="edit_precheck",
    path="/cases/<uuid:case_id>/precheck",
    permission=Permission.EDIT_CASES,
    template="apply.html",
    form=AnyForm(),
    of=EDIT,
)


@pages.page(NEW)
def read_new(call: PageCall[object]) -> Shows:
    """Show an empty form; what was typed, where it was refused."""
    return {"address": NEW.path, "tries": TRIED.path, **_sheet(call, dict(sent.fields().items()), None)}


@pages.page(TRIED)
def try_new(call: PageCall[Texts]) -> Shows:
    """Show the form again with what comes of it, and store nothing."""
    return {"address": NEW.path, "tries": TRIED.path, **_tried(call, _sheet(call, call.given.of, None))}


@pages.submission(
    Submission(name="apply_new", path=NEW.path, permission=Permission.CREATE_CASES, page=NEW, form=AnyForm())
)
def apply(call: PageCall[Texts]) -> Go:
    """Store a new application as a draft, or submit it."""
    texts, is_draft = call.given.of, call.given.of.get("action") != _SUBMIT
    read = _read(call.work, texts)
    with _beside(read.flaws):
        new = NewApplication(**asdict(_top(texts)), facts=read.facts, draft=is_draft)
        row = applications.create(call.work, new)
    return _went(row, is_draft=is_draft)


@pages.page(EDIT)
def read_edit(call: PageCall[object], case_id: UUID) -> Shows:
    """Show the form of a case that is being written."""
    row = applications.get(call.work, case_id)
    if not _may_edit(call.work, row):
        return Go(f"/cases/{case_id}", "said.not_editable")
    texts = dict(sent.fields().items()) if request.method == "POST" else None
    return _edited(call, row, texts)


@pages.page(EDIT_TRIED)
def try_edit(call: PageCall[Texts], case_id: UUID) -> Shows:
    """Show the form of a case again with what comes of it, and store nothing."""
    version = sent.fields().get(sent.VERSION, "")
    shown = _edited(call, applications.get(call.work, case_id), call.given.of)
    return {**_tried(call, shown), "version": version}


def _tried(call: PageCall[Texts], shown: dict[str, Any]) -> dict[str, Any]:
    """Put what cannot be read beside its fields; this is a pre-check that somebody asked for."""
    counting.assessed((shown["report"],))
    title = voice(call.spoken).words["form.refused"]
    return {**shown, "form": Filled(faults=shown["unread"], title=title)}


@pages.submission(
    Submission(name="edit_save", path=EDIT.path, permission=Permission.EDIT_CASES, page=EDIT, form=AnyForm())
)
def save(call: PageCall[Texts], case_id: UUID) -> Go:
    """Put what was typed in the place of the facts, and submit the case if that is wanted."""
    texts = call.given.of
    read, is_draft = _read(call.work, texts), texts.get("action") != _SUBMIT
    deed = applications.save if is_draft else applications.hand_in
    with _beside(read.flaws):
        row = deed(call.work, case_id, read.facts, _top(texts) if HEADER[0] in texts else None)
    return _went(row, is_draft=is_draft)


def _top(texts: Mapping[str, str]) -> NewHeader:
    return NewHeader(**{name: texts.get(name, "") for name in HEADER})


def _went(row: ApplicationRow, *, is_draft: bool) -> Go:
    if is_draft:
        said = "said.draft_saved" if row.state == State.DRAFT else "said.facts_saved"
        return Go(f"/cases/{row.id}/edit", said, {"number": row.number})
    counting.assessed_and_kept(row.outcome)
    return Go(f"/cases/{row.id}", "said.submitted", {"number": row.number})


def _may_edit(work: Work, row: ApplicationRow) -> bool:
    return "replace_facts" in applications.case(work, row).moves


def _edited(call: PageCall[object], row: ApplicationRow, texts: Mapping[str, str] | None) -> dict[str, Any]:
    speaks, rulebook = voice(call.spoken), rulebooks.in_force(call.work, call.work.today).rulebook
    stored = read_json(row.facts)
    facts = stored if isinstance(stored, dict) else {}
    shown = {**_named(row), **typed.typed_as(rulebook, facts)} if texts is None else texts
    return {
        **_sheet(call, shown, row.id),
        "title": speaks.say("apply.edit_title", number=row.number),
        "case": row,
        "returned": returned(call.work, row),
        "settled": is_settled(State(row.state), row.versions),
        "version": row.version,
        "address": f"/cases/{row.id}/edit",
        "tries": f"/cases/{row.id}/precheck",
        "dropped": [name for name in facts if name not in rulebook.facts],
    }


def _named(row: ApplicationRow) -> dict[str, str]:
    return {name: getattr(row, name) or "" for name in HEADER}


def _sheet(call: PageCall[object], texts: Mapping[str, str], case_id: UUID | None) -> dict[str, Any]:
    """Read what stands in the form, pre-check it, and lay out both. What is wrong stays to be seen, asked or not."""
    speaks = voice(call.spoken)
    rulebook = rulebooks.in_force(call.work, call.work.today).rulebook
    rows = _with_rows(rulebook, texts)
    read = typed.read(rulebook, rows)
    found = assessments.precheck(call.work, read.facts, call.spoken, case_id)
    flaws = (*read.flaws, *found.flaws)
    asked = found.asked | {flaw.pointer.split("/")[2] for flaw in flaws}
    form = Form(rulebook, speaks, rows, asked)
    before = frozenset(texts.get("asked", "").split())
    return {
        "texts": rows,
        "groups": form.groups(),
        "labels": {name: speaks.say(f"apply.{name}") for name in HEADER} | form.labels(),
        "asked": sorted(asked),
        "turned": (asked ^ before) & frozenset(rulebook.facts) if before else frozenset(),
        "place": read.place,
        "report": found.report,
        "checked": panel(found, speaks),
        "unread": tuple(Fault(read.place(one.pointer), words.because(call.spoken, one), one.pointer) for one in flaws),
        "is_live": "HX-Request" in request.headers,
        "case": None,
        "returned": None,
        "settled": False,
        "version": None,
        "dropped": [],
    }


def _with_rows(rulebook: Rulebook, texts: Mapping[str, str]) -> Mapping[str, str]:
    """Add, copy or take away the row of a list whose button was pressed."""
    taken, copied = texts.get("without_row"), texts.get("copy_row", "")
    if taken is not None:
        return typed.without_row(taken, texts)
    for fact in rulebook.facts.values():
        if copied.rpartition("-")[0] == typed.name(fact):
            return typed.with_copy(fact, copied, texts)
    wanted = rulebook.facts.get(texts.get("with_row", ""))
    return dict(texts) if wanted is None else typed.with_row(wanted, texts)


def _read(work: Work, texts: Mapping[str, str]) -> Typed:
    return typed.read(rulebooks.in_force(work, work.today).rulebook, texts)


@contextmanager
def _beside(flaws: list[Flaw]) -> Iterator[None]:
    """Tell what could not be read together with all that a deed refuses; it has not seen what could not be read."""
    told = {flaw.pointer for flaw in flaws}
    try:
        yield
    except InvalidError as error:
        beyond = (flaw for flaw in error.flaws if flaw.pointer not in told)
        raise InvalidError((*flaws, *beyond)) from error
    if flaws:
        raise InvalidError(tuple(flaws))
