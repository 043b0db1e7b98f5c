"""Papers over HTTP: in as a stream, out as a stream, and nothing left of what was refused."""

import hashlib
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from service.blobs import DamagedBlobError
from service.core.cases.states import State
from service.core.values import read_json
from tests import make, seating
from tests.actions import papers
from tests.actions.papers import FILES, PDF
from tests.actions.tables import counts, last_of_case, nothing_changes
from tests.api import parts
from tests.api.calling import Caller, Http, flaws, read, require_problem
from tests.api.parts import MULTIPART, SOUND, field, file, form, paper

SHA256: Final = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def case_id(http: Http) -> UUID:
    """A case by rules that ask for papers; the people who call have their keys."""
    assert all((http.officer, http.colleague, http.reviewer))
    return papers.case(http.house)


def path(case_id: UUID, rest: str = "") -> str:
    return f"/v1/applications/{case_id}/evidence{rest}"


def send(http: Http, case_id: UUID, content: bytes | None = None, **headers: str) -> TestResponse:
    return parts.send(http.officer, path(case_id), paper() if content is None else content, **headers)


def stored(http: Http) -> list[str]:
    """Whatever lies in the store."""
    return list(papers.blobs(http.house).names())


def accepted(http: Http, case_id: UUID) -> None:
    papers.ruled(http.house, case_id, papers.attached(http.house, case_id))


def test_a_paper_is_attached_with_its_hash_and_has_an_address(http: Http, case_id: UUID) -> None:
    response = send(http, case_id, paper(fields=(*SOUND, ("covers_from", "2025-01-01"), ("expires_on", "2027-01-01"))))
    assert response.status_code == 201, response.text
    told = read(response)
    assert told | {"uploaded_at": "", "uploaded_by": ""} == {
        "n": 1,
        "name": "论证.pdf",
        "media_type": "application/pdf",
        "size": len(PDF),
        "sha256": SHA256,
        "grade": "third_party",
        "facts": ["output", "water"],
        "issued_on": "2026-06-01",
        "covers_from": "2025-01-01",
        "covers_to": None,
        "expires_on": "2027-01-01",
        "state": "pending",
        "reason": None,
        "uploaded_by": "",
        "uploaded_at": "",
        "ruled_by": None,
        "ruled_at": None,
        "version": 1,
    }
    assert response.headers["ETag"] == '"1"'
    assert read(http.officer.get(response.headers["Location"])) == told
    assert stored(http) == [f"{SHA256[:2]}/{SHA256}"]


@pytest.mark.parametrize("media_type", FILES)
def test_what_was_sent_comes_back_byte_for_byte_and_is_kept_rather_than_shown(
    http: Http, case_id: UUID, media_type: str
) -> None:
    send(http, case_id, paper(file(FILES[media_type], '水 "论证"; a.pdf'.replace('"', "%22"), media_type)))
    response = http.reviewer.get(path(case_id, "/1/content"))
    assert response.status_code == 200
    assert response.data == FILES[media_type]
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Length"] == str(len(FILES[media_type]))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Security-Policy"].endswith("; sandbox")
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"_ ____; a.pdf\"; filename*=UTF-8''%E6%B0%B4%20%22%E8%AE%BA%E8%AF%81%22%3B%20a.pdf"
    )


def test_a_reading_is_recorded_with_who_read_what(http: Http, case_id: UUID) -> None:
    send(http, case_id)
    http.reviewer.get(path(case_id, "/1/content"))
    entry = last_of_case(http.house.runtime, case_id)
    assert (entry["type"], entry["actor"]["ref"]) == ("evidence.read", http.house.reviewer.ref)
    assert entry["data"] == {"paper": 1, "sha256": SHA256}


def test_a_large_paper_comes_and_goes_in_pieces(http: Http, case_id: UUID) -> None:
    content = PDF + bytes(range(256)) * 40_000
    assert len(content) > http.house.runtime.settings.max_body_bytes
    assert send(http, case_id, paper(file(content))).status_code == 201
    assert http.officer.get(path(case_id, "/1/content")).data == content


def test_every_flaw_of_a_paper_is_told_at_once_and_nothing_is_kept(http: Http, case_id: UUID) -> None:
    wrong = [
        field("grade", "gold"),
        field("facts", "water, wter"),
        field("facts", "water"),
        field("issued_on", "1.6.2026"),
        field("covers_from", "2026-02-01"),
        field("covers_to", "2026-01-01"),
        field("colour", "red"),
        file(b"MZ\x90\x00"),
    ]
    with nothing_changes(http.house.runtime):
        response = send(http, case_id, form(*wrong))
    require_problem(response, 422, "invalid")
    assert sorted(flaws(response)) == [
        ("/colour", "member_unknown"),
        ("/covers_to", "paper_period"),
        ("/facts/1", "fact_unknown"),
        ("/facts/2", "fact_twice"),
        ("/file", "file_content"),
        ("/grade", "member_choice"),
        ("/issued_on", "member_day"),
    ]
    assert stored(http) == []


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ([], [("/file", "member_missing")]),
        ([file(b"")], [("/file", "file_empty")]),
        ([file(), file()], [("/file", "file_twice")]),
        ([file(), file(name="second")], [("/second", "member_unknown"), ("/file", "file_twice")]),
        ([file(name="upload")], [("/upload", "member_unknown"), ("/file", "member_missing")]),
        ([field("file", "%PDF-1.7")], [("/file", "file_part")]),
        ([file(media_type="application/zip")], [("/file", "file_type")]),
        ([file(media_type="text/html")], [("/file", "file_type")]),
        ([file(media_type="image/png")], [("/file", "file_content")]),
        ([file(), field("grade", "document")], [("/grade", "member_twice")]),
    ],
)
def test_one_file_of_a_taken_type_in_the_right_part(
    http: Http, case_id: UUID, sent: list[bytes], found: list[tuple[str, str]]
) -> None:
    response = send(http, case_id, form(*(field(name, value) for name, value in SOUND), *sent))
    require_problem(response, 422, "invalid")
    assert flaws(response) == found
    assert stored(http) == []


def test_without_anything_every_missing_part_is_named(http: Http, case_id: UUID) -> None:
    for content in (form(), b""):
        assert flaws(send(http, case_id, content)) == [
            ("/file", "member_missing"),
            ("/grade", "member_missing"),
            ("/facts", "member_missing"),
        ]


def test_a_date_that_is_left_empty_is_not_given(http: Http, case_id: UUID) -> None:
    response = send(http, case_id, paper(fields=(*SOUND, ("expires_on", ""), ("covers_to", " "))))
    assert (response.status_code, read(response)["expires_on"]) == (201, None)


@pytest.mark.parametrize(
    "content",
    [
        b"x",
        paper()[:-40],
        paper()[: len(paper()) // 2],
        b"--other\r\n\r\n",
        form(b"--%s\r\n\r\nno headers\r\n" % parts.BOUNDARY.encode()),
    ],
)
def test_a_broken_form_is_malformed_and_leaves_nothing(http: Http, case_id: UUID, content: bytes) -> None:
    told = require_problem(send(http, case_id, content), 400, "malformed")
    assert told["because"] == "multipart"
    assert stored(http) == []


@pytest.mark.parametrize("kind", ["application/json", "application/pdf", "application/x-www-form-urlencoded", ""])
def test_only_a_form_with_parts_is_taken(http: Http, case_id: UUID, kind: str) -> None:
    told = require_problem(send(http, case_id, Content_Type=kind), 415, "unsupported_media_type")
    assert told["wanted"] == "multipart/form-data"


def test_a_form_without_its_boundary_is_malformed(http: Http, case_id: UUID) -> None:
    require_problem(send(http, case_id, Content_Type="multipart/form-data"), 400, "malformed")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..%5C..%5Cwin.ini", "..%5C..%5Cwin.ini".lstrip(".")),
        ("/a/b/能评.pdf", "能评.pdf"),
        (".", "paper"),
    ],
)
def test_a_name_leads_nowhere(http: Http, case_id: UUID, sent: str, kept: str) -> None:
    assert read(send(http, case_id, paper(file(filename=sent))))["name"] == kept
    assert stored(http) == [f"{SHA256[:2]}/{SHA256}"]


class Endless(io.RawIOBase):
    """The content of a request that never ends; counts what was taken of it."""

    def __init__(self, head: bytes) -> None:
        super().__init__()
        self.head = head
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any buffer
        data = (self.head or b"\x00" * len(buffer))[: len(buffer)]
        self.head = self.head[len(data) :]
        buffer[: len(data)] = data
        self.taken += len(data)
        return len(data)


def stream(http: Http, caller: Caller, case_id: UUID, content: Endless) -> TestResponse:
    """Send a content whose length nobody knows, as servers hand on chunks."""
    return http.app.test_client().open(
        path(case_id),
        method="POST",
        headers={"Authorization": f"Bearer {caller.key}"},
        environ_overrides={
            "wsgi.input": content,
            "wsgi.input_terminated": True,
            "CONTENT_TYPE": MULTIPART,
            "CONTENT_LENGTH": "",
        },
    )


def test_a_file_without_end_is_left_where_it_is_too_large_and_leaves_nothing(http: Http, case_id: UUID) -> None:
    content = Endless(paper()[: paper().index(b"%PDF")] + PDF)
    told = require_problem(stream(http, http.officer, case_id, content), 413, "too_large")
    most = http.house.runtime.settings.evidence_max_bytes
    assert told["most"] == most
    assert most < content.taken < most + 1_000_000
    assert stored(http) == []


def test_a_field_without_end_is_left_long_before(http: Http, case_id: UUID) -> None:
    content = Endless(field("grade", "x").removesuffix(b"\r\n"))
    require_problem(stream(http, http.officer, case_id, content), 413, "too_large")
    assert content.taken < 1_000_000


def test_more_parts_than_anybody_needs_are_refused(http: Http, case_id: UUID) -> None:
    require_problem(send(http, case_id, form(*(field("facts", "water") for _ in range(500)))), 413, "too_large")


@pytest.mark.parametrize("who", ["nobody", "colleague", "reviewer", "tabled"])
def test_nothing_is_taken_from_whoever_may_not_send(http: Http, case_id: UUID, who: str) -> None:
    callers = {"nobody": http.nobody, "colleague": http.colleague, "reviewer": http.reviewer, "tabled": http.officer}
    expected = {"nobody": (401, "unauthenticated"), "colleague": (404, "not_found"), "reviewer": (403, "forbidden")}
    if who == "tabled":
        http.house.put(case_id, State.TABLED)
    content = Endless(paper())
    with nothing_changes(http.house.runtime):
        response = stream(http, callers[who], case_id, content)
    require_problem(response, *expected.get(who, (409, "papers_closed")))
    assert content.taken == 0
    assert not Path(http.house.runtime.settings.evidence_folder).exists()


def test_a_repeated_request_is_answered_as_before_however_its_parts_are_written(http: Http, case_id: UUID) -> None:
    first = send(http, case_id, Idempotency_Key="k-1")
    other = form(file(), *(field(name, value) for name, value in reversed(SOUND))).replace(
        parts.BOUNDARY.encode(), b"another-boundary"
    )
    again = send(
        http, case_id, other, Idempotency_Key="k-1", Content_Type="multipart/form-data; boundary=another-boundary"
    )
    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert counts(http.house.runtime)["evidence"] == 1


@pytest.mark.parametrize("content", [paper(file(PDF + b"\n")), paper(file(filename="b.pdf")), paper(fields=SOUND[:2])])
def test_a_key_is_not_for_another_paper(http: Http, case_id: UUID, content: bytes) -> None:
    send(http, case_id, Idempotency_Key="k-1")
    require_problem(send(http, case_id, content, Idempotency_Key="k-1"), 422, "idempotency_key_reused")
    assert len(stored(http)) == 1


def test_a_repeated_request_is_answered_even_after_the_case_was_tabled(http: Http, case_id: UUID) -> None:
    first = send(http, case_id, Idempotency_Key="k-1")
    http.house.put(case_id, State.TABLED)
    assert send(http, case_id, Idempotency_Key="k-1").data == first.data
    require_problem(send(http, case_id, Idempotency_Key="k-2"), 409, "papers_closed")


def test_the_same_file_twice_is_two_papers_and_one_content(http: Http, case_id: UUID) -> None:
    assert [read(send(http, case_id))["n"] for _ in range(2)] == [1, 2]
    assert len(stored(http)) == 1


def test_the_list_says_how_every_fact_stands_in_the_language_asked_for(http: Http, case_id: UUID) -> None:
    send(http, case_id)
    told = read(http.officer.get(path(case_id), Accept_Language="en"))
    assert told["on"] == "2026-11-23"
    assert [item["n"] for item in told["items"]] == [1]
    pending = {"state": "pending", "paper": 1, "because": "its paper is not ruled on yet"}
    free = {"needs": "declared", "state": "not_needed", "paper": None, "because": "needs no paper"}
    assert told["backing"] == [
        {"fact": "industry_code", **free},
        {"fact": "nature", **free},
        {"fact": "output", "needs": "third_party", **pending},
        {"fact": "water", "needs": "document", **pending},
    ]


def test_a_ruling_needs_the_version_of_the_paper(http: Http, case_id: UUID) -> None:
    send(http, case_id)
    accept, refuse = path(case_id, "/1/accept"), path(case_id, "/1/refuse")
    require_problem(http.reviewer.post(accept), 428, "precondition_required")
    assert read(http.reviewer.post(accept, If_Match='"1"'))["state"] == "accepted"
    require_problem(http.reviewer.post(refuse, {"reason": "看不清"}, If_Match='"1"'), 412, "stale")
    told = read(http.reviewer.post(refuse, {"reason": "看不清"}, If_Match='"2"'))
    assert (told["state"], told["reason"], told["version"]) == ("refused", "看不清", 3)
    response = http.reviewer.post(refuse, {"reason": " "}, If_Match='"3"')
    assert flaws(response) == [("/reason", "text_missing")]


def test_a_paper_that_is_not_there_is_not_found(http: Http, case_id: UUID) -> None:
    for n in ("0", "1", "99999999999999999999", "9" * 4_400):
        for rest in (f"/{n}", f"/{n}/content"):
            require_problem(http.officer.get(path(case_id, rest)), 404, "not_found")
    require_problem(http.officer.get(path(case_id, "/-1")), 404, "not_found")


def every_reading(case_id: UUID) -> Iterator[str]:
    yield from (path(case_id), path(case_id, "/1"), path(case_id, "/1/content"))


def test_papers_are_read_by_their_officer_and_those_who_judge(http: Http, case_id: UUID) -> None:
    send(http, case_id)
    seating.seat(http.house, case_id, http.house.member)
    for place in every_reading(case_id):
        for caller in (http.officer, http.reviewer, http.auditor, http.caller(http.house.member)):
            assert caller.get(place).status_code == 200
        require_problem(http.colleague.get(place), 404, "not_found")
        require_problem(http.admin.get(place), 403, "forbidden")


def test_for_whoever_is_recused_there_are_no_papers(http: Http, case_id: UUID) -> None:
    send(http, case_id)
    seating.recuse(http.house, case_id, http.house.reviewer)
    for place in every_reading(case_id):
        require_problem(http.reviewer.get(place), 404, "not_found")
    require_problem(http.reviewer.post(path(case_id, "/1/accept"), If_Match='"1"'), 404, "not_found")


@pytest.mark.parametrize(("damage", "because"), [(None, "missing"), (b"short", "size")])
def test_a_content_that_is_gone_is_told_and_not_recorded_as_read(
    http: Http, case_id: UUID, damage: bytes | None, because: str
) -> None:
    send(http, case_id)
    place = papers.blobs(http.house).folder / stored(http)[0]
    place.unlink()
    if damage is not None:
        place.write_bytes(damage)
    with nothing_changes(http.house.runtime):
        told = require_problem(http.officer.get(path(case_id, "/1/content")), 500, "paper_damaged")
    assert (told["sha256"], told["because"]) == (SHA256, because)


def test_a_content_that_was_altered_is_never_given_out_whole(http: Http, case_id: UUID) -> None:
    send(http, case_id)
    (papers.blobs(http.house).folder / stored(http)[0]).write_bytes(PDF.replace(b"1.7", b"1.4"))
    with pytest.raises(DamagedBlobError):
        http.officer.get(path(case_id, "/1/content"))


def test_a_store_that_cannot_be_written_is_told(http: Http, case_id: UUID) -> None:
    Path(http.house.runtime.settings.evidence_folder).write_bytes(b"")
    with nothing_changes(http.house.runtime):
        require_problem(send(http, case_id), 503, "store_unavailable")


def assessment(http: Http, case_id: UUID, query: str = "?verified_only=true") -> dict[str, Any]:
    response = http.officer.get(f"/v1/applications/{case_id}/assessment{query}", Accept_Language="en")
    assert response.status_code == 200, response.text
    told: dict[str, Any] = read(response)
    return told


def test_what_is_verified_alone_counts_and_of_the_rest_it_is_said_why(http: Http, case_id: UUID) -> None:
    told = assessment(http, case_id)
    assert told["outcome"] == "defer"
    assert told["verified"] == {
        "n": 1,
        "on": "2026-11-23",
        "waived": [],
        "masked": [
            {"fact": name, "needs": needs, "state": "missing", "paper": None, "because": "no paper backs it"}
            for name, needs in (("output", "third_party"), ("water", "document"))
        ],
    }
    assert {item["fact"] for item in told["unknown"]} == {"output", "water"}


def test_with_every_paper_accepted_what_is_verified_is_what_was_declared(http: Http, case_id: UUID) -> None:
    accepted(http, case_id)
    told = assessment(http, case_id)
    assert told.pop("verified")["masked"] == []
    assert told == assessment(http, case_id, "") == assessment(http, case_id, "?verified_only=false")
    assert (told["outcome"], told["score"]["total"]) == ("approve", Decimal("80.5"))


def test_the_assessment_as_it_was_written_stays_byte_for_byte(http: Http, case_id: UUID) -> None:
    place = f"/v1/applications/{case_id}/assessment"
    before = http.officer.get(place)
    accepted(http, case_id)
    assert http.officer.get(place).data == before.data
    assert "ETag" not in http.officer.get(f"{place}?verified_only=true").headers


def test_verified_is_worked_out_anew_when_a_paper_runs_out(http: Http, case_id: UUID) -> None:
    accepted(http, case_id)
    http.house.runtime.clock.move(days=190)  # type: ignore[attr-defined]  # the clock of the tests
    masked = assessment(http, case_id)["verified"]["masked"]
    assert {item["state"] for item in masked} == {"expired"}


@pytest.mark.parametrize("query", ["verified_only=yes", "verified_only=", "verified=true"])
def test_an_unclear_question_is_refused(http: Http, case_id: UUID, query: str) -> None:
    require_problem(http.officer.get(f"/v1/applications/{case_id}/assessment?{query}"), 422, "invalid")


def test_a_draft_has_no_verified_assessment(http: Http) -> None:
    case_id = http.house.create(make.draft())
    response = http.officer.get(f"/v1/applications/{case_id}/assessment?verified_only=true")
    assert require_problem(response, 404, "not_found")["kind"] == "assessment"


def test_the_report_keeps_its_exact_figures(http: Http, case_id: UUID) -> None:
    accepted(http, case_id)
    text = http.officer.get(f"/v1/applications/{case_id}/assessment?verified_only=true").get_data(as_text=True)
    assert isinstance(read_json(text.encode()), dict)
    assert '"total":80.5' in text
