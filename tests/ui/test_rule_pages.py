"""The pages of the rulebook: the document, editions and their differences, proposals and what is decided on them."""

import re
from io import BytesIO
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from service.core.people import Actor, Role
from service.words import sections
from tests import make
from tests.actions import tables
from tests.actions.proposing import NOTE, TOMORROW, proposed, released, row
from tests.conftest import Clock
from tests.ui.visiting import HOST, Visitor, heading, hidden

ZH, EN = ({**sections("pages")[it], **sections("rule_pages")[it], **sections("domain")[it]} for it in ("zh", "en"))
NEW = "/rules/proposals/new"
THIRSTIER = TOMORROW.replace(b"water > 100000", b"water > 90000")


@pytest.fixture
def author(visitor: Visitor) -> Visitor:
    return visitor.as_(visitor.house.author, "author")


@pytest.fixture
def releaser(author: Visitor) -> Visitor:
    return visit(author, author.house.releaser, "releaser")


def visit(visitor: Visitor, actor: Actor, login: str) -> Visitor:
    return visitor.another().as_(actor, login)


def upload(visitor: Visitor, content: bytes, **changes: object) -> TestResponse:
    """Send a rules file by the form of its page."""
    fields: dict[str, object] = {
        **hidden(visitor.get(NEW), NEW),
        "note": NOTE,
        "file": (BytesIO(content), "rules.yaml", "application/yaml"),
        **changes,
    }
    return visitor.client.post(NEW, base_url=HOST, data=fields, headers={"Accept": "text/html"})


def address(proposal_id: UUID) -> str:
    return f"/rules/proposals/{proposal_id}"


def decide(visitor: Visitor, proposal_id: UUID, move: str, **fields: str) -> TestResponse:
    return visitor.send(address(proposal_id), f"{address(proposal_id)}/{move}", **fields)


def deeds(page: TestResponse) -> list[str]:
    """What somebody may do with a proposal by its page."""
    return re.findall(r'action="/rules/proposals/[^"]+/(release|decline|withdraw)"', page.text)


def anchors(page: TestResponse) -> tuple[set[str], list[str]]:
    return set(re.findall(r'href="#([^"]+)"', page.text)), re.findall(r' id="([^"]+)"', page.text)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MEMBER, Role.ADMIN])
def test_everybody_reads_the_edition_in_force_from_top_to_bottom(visitor: Visitor, role: Role) -> None:
    page = visitor.as_(make.person(visitor.house, "读者", role), "reader").get("/rules")
    assert page.status_code == 200
    assert heading(page) == ZH["rules.titled"].format(title="小规则", edition="1")
    for part in ("gates", "categories", "criteria", "outcomes", "plan", "bylaws", "facts", "sources"):
        assert f'<section id="{part}">' in page.text
    assert "“用水”高于100000" in page.text.replace(" ", "")
    assert "<code>water &gt; 100000</code>" in page.text
    assert "<svg" in page.text
    assert not re.search(r"\bu:|[0-9a-f]{8}-[0-9a-f]{4}-", page.text)


def test_whatever_the_document_leads_to_stands_in_it_once(visitor: Visitor) -> None:
    released(visitor.house, make.listed_edition("5", "2026-01-02"))
    page = visitor.as_(visitor.house.officer, "officer").get("/rules")
    wanted, found = anchors(page)
    assert wanted
    assert wanted <= set(found)
    assert len(found) == len(set(found))


def test_a_source_that_is_not_confirmed_is_told_first_and_marked_at_every_rule_on_it(visitor: Visitor) -> None:
    unsure = make.zone_edition("6", "2026-01-02").replace(
        b"confirmed: true\nparameters", b"confirmed: false\nparameters"
    )
    released(visitor.house, unsure)
    page = visitor.as_(visitor.house.officer, "officer").get("/rules")
    first = page.text.partition('id="unconfirmed"')[2].partition("</section>")[0]
    assert "示例园区办法" in first
    assert "#gate-too_thirsty" in first
    gate = page.text.partition('id="gate-too_thirsty"')[2].partition("</section>")[0]
    assert ZH["rules.unsure"] in gate
    assert ZH["rules.waivable"] in gate


def test_a_gate_of_law_is_told_as_one_that_nobody_waives(visitor: Visitor) -> None:
    page = visitor.as_(visitor.house.officer, "officer").get("/rules")
    gate = page.text.partition('id="gate-too_thirsty"')[2].partition("</section>")[0]
    assert ZH["rules.not_waivable"] in gate
    assert ZH["rules.unsure"] not in gate


def test_editions_are_listed_with_their_days_and_people_and_read_as_documents(releaser: Visitor, clock: Clock) -> None:
    made = row(releaser.house, released(releaser.house, THIRSTIER))
    page = releaser.get("/rules/editions")
    assert [ZH["rules.state.coming"] in page.text, ZH["rules.state.in_force"] in page.text] == [True, True]
    assert [word in page.text for word in ("发布", ZH["rules.machine"], "2026年11月23日")] == [True] * 3
    clock.move(days=1)
    releaser.sign_in("releaser")
    assert ZH["rules.state.over"] in releaser.get("/rules/editions").text
    page = releaser.get(f"/rules/editions/{made.sha256}")
    assert "<code>water &gt; 90000</code>" in page.text
    file = releaser.get(f"/rules/editions/{made.sha256}/file")
    assert (file.data, file.mimetype) == (THIRSTIER, "application/yaml")
    assert releaser.get(f"/rules/editions/{'0' * 64}").status_code == 404


def test_two_editions_are_compared_in_the_words_of_the_command(releaser: Visitor) -> None:
    made = row(releaser.house, released(releaser.house, THIRSTIER))
    page = releaser.get(f"/rules/editions/{made.sha256}/differences")
    assert page.status_code == 200
    assert "由 `water &gt; 100000` 改为 `water &gt; 90000`" in page.text
    first = re.findall(r'<option value="([0-9a-f]{64})"', page.text)[0]
    back = releaser.get(f"/rules/editions/{first}/differences?from={made.sha256}")
    assert "由 `water &gt; 90000` 改为 `water &gt; 100000`" in back.text
    assert releaser.get(f"/rules/editions/{first}/differences?from={'0' * 64}").status_code == 404


def test_an_only_edition_has_nothing_to_be_compared_with(author: Visitor) -> None:
    (sha256,) = set(re.findall(r"/rules/editions/([0-9a-f]{64})", author.get("/rules/editions").text))
    page = author.get(f"/rules/editions/{sha256}/differences")
    assert (page.status_code, ZH["rules.only_edition"] in page.text) == (200, True)


def test_a_file_is_proposed_by_one_and_released_by_another(author: Visitor, releaser: Visitor) -> None:
    sent = upload(author, THIRSTIER)
    assert sent.status_code == 303, sent.text
    proposal_id = UUID(sent.headers["Location"].rpartition("/")[2])
    page = author.get(address(proposal_id))
    assert ZH["said.rules_proposed"].format(edition="2") in page.text
    assert [word in page.text for word in (NOTE, "起草", ZH["rules.no_faults"])] == [True] * 3
    assert "改为 `water &gt; 90000`" in page.text
    assert deeds(page) == ["withdraw"]
    waits = releaser.get("/home")
    assert address(proposal_id) in waits.text
    assert deeds(releaser.get(address(proposal_id))) == ["release", "decline"]
    assert author.get(f"{address(proposal_id)}/file").data == THIRSTIER

    done = decide(releaser, proposal_id, "release")
    made = row(author.house, proposal_id)
    assert done.headers["Location"] == f"/rules/editions/{made.sha256}"
    assert (made.state, made.decided_by) == ("released", releaser.house.releaser.person_id)
    after = releaser.get(address(proposal_id))
    assert deeds(after) == []
    assert "改为 `water &gt; 90000`" in after.text
    assert address(proposal_id) not in releaser.get("/home").text


def at_once(house: make.House, edition: str, day: str) -> UUID:
    """A proposal whose first day has come."""
    return proposed(house, make.edition(edition, day))


@pytest.mark.parametrize(
    ("day", "said"), [("2026-11-23", "at_once"), ("2026-11-01", "at_once"), ("2025-12-31", "never")]
)
def test_a_first_day_that_has_come_is_released_only_by_who_says_that_it_is_meant(
    releaser: Visitor, day: str, said: str
) -> None:
    proposal_id = at_once(releaser.house, "3", day)
    page = releaser.get(address(proposal_id)).text
    codes = {"at_once": "rules.at_once_said", "never": "rules.never_said"}
    found = {name for name, code in codes.items() if ZH[code].partition("：")[2] in page}
    assert (found, ZH["rules.agree"] in page) == ({said}, True)
    with tables.nothing_changes(releaser.house.runtime):
        refused = decide(releaser, proposal_id, "release")
    assert (refused.status_code, 'href="#field-agreed"' in refused.text) == (422, True)
    assert re.search(r'id="field-agreed"[^>]* aria-invalid="true" aria-describedby="fault-agreed"', refused.text)
    assert sections("flaws")["zh"]["day_not_agreed"] in refused.text
    assert decide(releaser, proposal_id, "release", agreed="yes").status_code == 303
    assert row(releaser.house, proposal_id).state == "released"


def test_a_first_day_ahead_asks_for_no_tick(releaser: Visitor) -> None:
    assert "field-agreed" not in releaser.get(address(proposed(releaser.house))).text


def test_every_fault_of_a_file_is_shown_with_its_place_and_nothing_is_kept(author: Visitor) -> None:
    broken = TOMORROW.replace(b"water > 100000", b"watre > 100000").replace(b"on_fail: reject", b"on_fail: refuse")
    with tables.nothing_changes(author.house.runtime):
        page = upload(author, broken, note="")
    assert page.status_code == 422
    places = re.findall(r'<td class="figures">(\d+)</td><td class="figures">(\d+)</td>', page.text)
    lines = broken.decode().splitlines()
    assert sorted(lines[int(line) - 1].strip() for line, _ in places) == [
        "fails_when: watre > 100000",
        "on_fail: refuse",
    ]
    assert 'href="#field-note"' in page.text
    for content, field in ((b"", "file"), (b"\xff\xfe", "")):
        with tables.nothing_changes(author.house.runtime):
            page = upload(author, content)
        assert page.status_code == 422
        assert (f'href="#field-{field}"' in page.text) is bool(field)


def test_a_file_that_stands_proposed_or_is_too_large_is_refused_on_the_page(author: Visitor) -> None:
    proposed(author.house)
    for content, status in ((TOMORROW, 409), (b"#" * 300_000, 413)):
        with tables.nothing_changes(author.house.runtime):
            page = upload(author, content)
        assert (page.status_code, 'role="alert"' in page.text) == (status, True)


def test_what_is_declined_says_why_and_needs_a_reason(releaser: Visitor) -> None:
    proposal_id = proposed(releaser.house)
    with tables.nothing_changes(releaser.house.runtime):
        page = decide(releaser, proposal_id, "decline", reason=" ")
    assert (page.status_code, 'href="#field-reason"' in page.text) == (422, True)
    assert decide(releaser, proposal_id, "decline", reason="条款依据不足").status_code == 303
    assert row(releaser.house, proposal_id).reason == "条款依据不足"
    assert "条款依据不足" in releaser.get(address(proposal_id)).text


def test_an_author_takes_back_what_they_proposed(author: Visitor) -> None:
    proposal_id = proposed(author.house)
    assert decide(author, proposal_id, "withdraw").status_code == 303
    assert row(author.house, proposal_id).state == "withdrawn"


def test_nobody_is_offered_what_they_may_not_and_nobody_does_it(author: Visitor, releaser: Visitor) -> None:
    both = make.person(author.house, "起草兼发布", Role.RULE_AUTHOR, Role.RULE_RELEASER)
    mine, officer = visit(author, both, "both"), visit(author, author.house.officer, "officer")
    proposal_id = proposed(author.house, actor=both)
    page = mine.get(address(proposal_id))
    assert (deeds(page), ZH["rules.own"] in page.text) == (["withdraw"], True)
    assert deeds(officer.get(address(proposal_id))) == deeds(author.get(address(proposal_id))) == []
    forms = {
        "release": releaser.get(address(proposal_id)),
        "decline": releaser.get(address(proposal_id)),
        "withdraw": page,
    }
    with tables.nothing_changes(author.house.runtime):
        for who, move in ((mine, "release"), (mine, "decline"), (officer, "release"), (releaser, "withdraw")):
            proof = hidden(who.get("/rules"), "/sign-out")
            sent = hidden(forms[move], f"{address(proposal_id)}/{move}") | proof
            assert who.post(f"{address(proposal_id)}/{move}", sent | {"reason": "无"}).status_code == 403
        assert officer.get(NEW).status_code == 403
        assert upload(author, TOMORROW, csrf_token="x").status_code == 403  # noqa: S106 - a proof that is none


def test_a_stale_version_and_a_decided_proposal_are_told_in_place(releaser: Visitor) -> None:
    proposal_id = proposed(releaser.house)
    with tables.nothing_changes(releaser.house.runtime):
        assert decide(releaser, proposal_id, "release", version="7").status_code == 412
    form = hidden(releaser.get(address(proposal_id)), f"{address(proposal_id)}/release")
    assert decide(releaser, proposal_id, "decline", reason="条款依据不足").status_code == 303
    for version, status in (("2", 409), ("1", 412)):
        page = releaser.post(f"{address(proposal_id)}/release", form | {"version": version})
        assert (page.status_code, 'role="alert"' in page.text) == (status, True)


def test_what_the_cases_of_a_proposal_cover_has_a_page_of_its_own(author: Visitor) -> None:
    page = author.get(f"{address(proposed(author.house))}/coverage")
    assert page.status_code == 200
    assert ZH["rules.unseen_caption"] in page.text
    assert "water &gt; 100000" in page.text


def test_where_no_edition_is_in_force_the_page_says_so(visitor: Visitor, clock: Clock) -> None:
    clock.move(days=-400)
    page = visitor.as_(visitor.house.officer, "officer").get("/rules")
    assert (page.status_code, ZH["rules.nothing_in_force"] in page.text) == (200, True)


def test_cases_that_come_out_differently_are_told_with_both_outcomes(author: Visitor) -> None:
    case = (
        "cases:\n  - name: 用水九万五千\n"
        '    facts: {industry_code: "3453", nature: new, output: 80.5, water: 95000}\n'
        "    expect: {outcome: reject, failed_gates: [too_thirsty]}\n"
    )
    source = THIRSTIER.decode().replace("cases: []\n", case).encode()
    page = author.get(address(proposed(author.house, source)))
    table = page.text.partition(ZH["rules.turned"])[2]
    (line,) = re.findall(r"<tr><th[^>]*>用水九万五千</th>.*?</tr>", table)
    assert ZH["outcome_conditional"] in line.partition("</td>")[0]
    assert ZH["outcome_reject"] in line
    assert ZH["rules.cases_run"].format(count=1, failed=0) in page.text
