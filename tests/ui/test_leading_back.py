"""Leading back to the page of a form: from the address it is sent to, and in another language after it was refused."""

import re
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from service.core.people import Actor
from service.web.ui import pages
from tests import make
from tests.actions.proposing import proposed
from tests.meeting import in_review, opened, person
from tests.ui.visiting import Visitor, hidden

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_UUID = re.compile(r"<uuid:\w+>")


def test_the_address_a_form_is_sent_to_leads_to_its_page(visitor: Visitor) -> None:
    found = list(pages.declared(visitor.app).values())
    shown = {one.path for one in found if isinstance(one, pages.Page)}
    alone = [one for one in found if isinstance(one, pages.Submission) and one.path not in shown and one.page]
    assert len(alone) > 20
    for one in alone:
        assert one.page is not None
        assert set(_PART.findall(one.page.path)) <= set(_PART.findall(one.path)), one.path
        id_ = str(uuid4())
        to, page = (_PART.sub("3", _UUID.sub(id_, path)) for path in (one.path, one.page.path))
        led = visitor.get(to)
        assert (led.status_code, led.headers.get("Location")) == (303, page), to


def switched(visitor: Visitor, refused: TestResponse, page: str) -> None:
    """The language of a page that answers a refused form is another one at its own address."""
    assert refused.status_code in {403, 409, 412, 422}, refused.text
    led = visitor.post("/language", hidden(refused, "/language") | {"language": "en"})
    assert (led.status_code, led.headers["Location"]) == (303, page)
    shown = visitor.get(page)
    assert (shown.status_code, '<html lang="en">' in shown.text) == (200, True)


def sent(visitor: Visitor, page: str, to: str, *, is_ours: bool = True) -> TestResponse:
    """Send a form with nothing in it but its proof, or without that."""
    return visitor.post(to, {"csrf_token": hidden(visitor.get(page), "/language")["csrf_token"] if is_ours else ""})


@pytest.mark.parametrize("part", ["roles", "login", "identities"])
def test_a_refused_form_of_a_person_is_read_in_another_language(visitor: Visitor, part: str) -> None:
    admin = visitor.as_(visitor.house.admin, "admin")
    page = f"/people/{person(admin.house.officer)}"
    switched(admin, sent(admin, page, f"{page}/{part}"), page)


@pytest.mark.parametrize(
    ("role", "part"), [("member", "votes"), ("secretary", "decide"), ("chair", "recusals/ordered")]
)
def test_a_refused_form_of_an_item_is_read_in_another_language(visitor: Visitor, role: str, part: str) -> None:
    meeting = opened(visitor.house)
    somebody: Actor = getattr(visitor.house, role)
    reader, page = visitor.as_(somebody, role), f"/meetings/{meeting.id}/items/1"
    switched(reader, sent(reader, page, f"{page}/{part}"), page)


def test_a_refused_request_for_an_opinion_and_a_refused_release_are_read_in_another_language(visitor: Visitor) -> None:
    house = visitor.house
    opinions, rules = f"/cases/{in_review(house)}/opinions", f"/rules/proposals/{proposed(house)}"
    reviewer = visitor.as_(house.reviewer, "reviewer")
    switched(reviewer, sent(reviewer, opinions, f"{opinions}/requests"), opinions)
    releaser = visitor.another().as_(house.releaser, "releaser")
    switched(releaser, sent(releaser, rules, f"{rules}/release"), rules)


def test_a_form_without_its_proof_is_told_in_another_language_on_its_page(visitor: Visitor) -> None:
    admin = visitor.as_(visitor.house.admin, "admin")
    page = f"/people/{person(admin.house.officer)}"
    switched(admin, sent(admin, page, f"{page}/sessions", is_ours=False), page)
    assert hidden(sent(admin, page, "/sign-out", is_ours=False), "/language")["next"] == "/home"
    officer = visitor.another().as_(visitor.house.officer, "officer")
    edited = f"/cases/{visitor.house.create(make.draft())}"
    refused = sent(officer, "/home", f"{edited}/precheck", is_ours=False)
    switched(officer, refused, f"{edited}/edit")
