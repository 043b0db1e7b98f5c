"""Access tokens of an identity server, shown instead of a key."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.actions import people
from service.app import create_app
from service.core.people import Role
from tests import identity, make
from tests.api.calling import Caller, Http, read, require_problem
from tests.conftest import Clock
from tests.identity import Server, claims, published, signed, token
from tests.meeting import person

PATH = "/v1/me"


@pytest.fixture
def database() -> str:
    """Nothing here is about the kind of database."""
    return "sqlite"


@pytest.fixture
def server() -> Iterator[Server]:
    with identity.serving() as serving:
        yield serving


@pytest.fixture
def linked(house: make.House, server: Server) -> Http:
    """A service that believes the server, which knows the one who is officer and reviewer."""
    with house.work(house.admin) as work:
        people.link(work, person(house.both), people.NewIdentity(identity.SUBJECT, identity.ISSUER))
    return Http(house, create_app(identity.trusting(house.runtime, server)))


def show(http: Http, text: str) -> Caller:
    return Caller(http.app, text)


def refused(http: Http, text: str) -> None:
    """Demand the one answer to whatever does not count."""
    response = show(http, text).get(PATH)
    told = require_problem(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="sluice", error="invalid_token"'
    assert set(told) == {"type", "title", "status", "detail", "code", "request_id"}


def test_whoever_shows_a_token_is_the_person_it_is_linked_to(linked: Http, clock: Clock) -> None:
    me = read(show(linked, token(clock)).get(PATH))
    assert (me["id"], me["name"], me["roles"]) == (str(person(linked.house.both)), "兼任", ["officer", "reviewer"])
    assert me["credential"] == {
        "kind": "token",
        "id": None,
        "scopes": None,
        "expires_at": "2026-11-23T02:20:30.000000Z",
    }


def test_nobody_judges_their_own_case_by_showing_something_else(linked: Http, clock: Clock) -> None:
    case_id = linked.house.create(make.application(), linked.house.both)
    version = linked.house.row(case_id).version
    for caller in (show(linked, token(clock)), linked.both):
        told = caller.post(f"/v1/applications/{case_id}/accept", If_Match=f'"{version}"')
        require_problem(told, 403, "own_case")


def test_a_signature_counts_only_if_its_kind_is_set(
    house: make.House, linked: Http, server: Server, clock: Clock
) -> None:
    kinds = ("RS256", "ES256", "PS256", "ES384", "EdDSA", "RS512")
    server.keys = [published(kind, kind) for kind in kinds]
    texts = {kind: signed(claims(clock.now), kind, kind, signer=kind) for kind in kinds}
    usual = {kind for kind, text in texts.items() if show(linked, text).get(PATH).status_code == 200}
    assert usual == {"RS256", "ES256"}
    wider = Http(house, create_app(identity.trusting(house.runtime, server, oidc_algorithms=kinds[2:])))
    others = {kind for kind, text in texts.items() if show(wider, text).get(PATH).status_code == 200}
    assert others == set(kinds[2:])


def _other_subject(clock: Clock) -> str:
    return token(clock, sub="somebody-else")


FORGED: dict[str, Callable[[Clock], str]] = {
    "nobody signed it": lambda clock: identity.unsigned(claims(clock.now)),
    "signed with the public key": lambda clock: identity.with_shared_secret(claims(clock.now)),
    "signed by somebody else": lambda clock: signed(claims(clock.now), signer="another"),
    "another key's name": lambda clock: signed(claims(clock.now), name="two"),
    "no name and no key that fits": lambda clock: signed(claims(clock.now), name=None, algorithm="ES256"),
    "a changed claim": lambda clock: _swapped(token(clock), token(clock, sub="x")),
    "half of it": lambda clock: token(clock).rpartition(".")[0],
    "two dots": lambda _: "a.b.c",
    "a header without a bottom": lambda _: f"{identity.encoded(b'[' * 100_000)[:12_000]}.e30.AA",
    "claims without a bottom": lambda _: identity.deep(),
    "letters that are none": lambda clock: token(clock) + "\u00e9",
    "far too long": lambda clock: token(clock) + "A" * 20_000,
    "a header that is none": lambda clock: "e30" + token(clock)[token(clock).index(".") :],
    "another issuer": lambda clock: token(clock, iss="https://id.zone.example/realms/other"),
    "the issuer with a slash": lambda clock: token(clock, iss=f"{identity.ISSUER}/"),
    "for somebody else": lambda clock: token(clock, aud="erp"),
    "for several others": lambda clock: token(clock, aud=["erp", "sluice2"]),
    "no issuer": lambda clock: token(clock, iss=...),
    "no audience": lambda clock: token(clock, aud=...),
    "no subject": lambda clock: token(clock, sub=...),
    "no end": lambda clock: token(clock, exp=...),
    "no beginning": lambda clock: token(clock, iat=...),
    "expired": lambda clock: token(clock, exp=int(clock.now.timestamp()) - 30),
    "not yet": lambda clock: token(clock, nbf=int(clock.now.timestamp()) + 31),
    "issued later": lambda clock: token(clock, iat=int(clock.now.timestamp()) + 31),
    "for ever": lambda clock: token(clock, exp=2**60),
    "an end beyond all numbers": lambda clock: token(clock, exp=10**400),
    "an end that is no number": lambda clock: token(clock, exp=str(int(clock.now.timestamp()) + 300)),
    "about somebody nobody linked": _other_subject,
    "an id token": lambda clock: token(clock, nonce="n-1"),
    "a refresh token": lambda clock: token(clock, typ="Refresh"),
    "of another kind": lambda clock: signed(claims(clock.now), typ="logout+jwt"),
    "bound to a key": lambda clock: token(clock, cnf={"jkt": "x"}),
}


def _swapped(text: str, other: str) -> str:
    head, _, signature = text.split(".")
    return ".".join([head, other.split(".")[1], signature])


def test_the_times_of_a_token_may_be_off_by_the_leeway(linked: Http, clock: Clock) -> None:
    now = int(clock.now.timestamp())
    for text in (token(clock, exp=now - 29), token(clock, nbf=now + 30), token(clock, iat=now + 30)):
        assert show(linked, text).get(PATH).status_code == 200


def test_every_token_that_does_not_count_gets_the_same_answer_and_only_the_log_knows_why(
    linked: Http, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="service.web.tokens"):
        for name, make_text in FORGED.items():
            text = make_text(clock)
            caplog.clear()
            refused(linked, text)
            causes = [getattr(line, "because", "") for line in caplog.records if line.name == "service.web.tokens"]
            looked_at = text.count(".") == 2
            assert (len(causes) == 1) is looked_at, name
            assert all(causes), name
            assert text not in caplog.text
            assert text.rpartition(".")[2][:20] not in caplog.text or not looked_at or text.endswith((".", ".c")), name
    assert show(linked, token(clock)).get(PATH).status_code == 200


def test_a_token_means_nothing_where_no_server_is_set(http: Http, clock: Clock) -> None:
    refused(http, token(clock))


def test_a_person_unlinked_or_erased_is_nobody_at_once(linked: Http, clock: Clock) -> None:
    caller = show(linked, token(clock))
    assert caller.get(PATH).status_code == 200
    place = f"/v1/people/{person(linked.house.both)}/identities"
    (found,) = read(linked.admin.get(place))["items"]
    assert linked.admin.post(f"{place}/{found['id']}/unlink").status_code == 200
    refused(linked, token(clock))
    assert linked.admin.post(place, {"subject": identity.SUBJECT}).status_code == 201
    assert caller.get(PATH).status_code == 200
    with linked.house.work(linked.house.admin) as work:
        people.erase(work, person(linked.house.both))
    refused(linked, token(clock))


ROLES = (("zone-officer", Role.OFFICER), ("zone-chair", Role.CHAIR))


def test_roles_of_a_token_take_away_and_never_add(linked: Http, server: Server, clock: Clock) -> None:
    runtime = identity.trusting(linked.house.runtime, server, oidc_role_claim="roles", oidc_roles=ROLES)
    narrowed = Http(linked.house, create_app(runtime))
    for told, left in ((["zone-officer", "zone-chair", "other"], ["officer"]), ("zone-officer", ["officer"])):
        assert read(show(narrowed, token(clock, roles=told)).get(PATH))["roles"] == left
    require_problem(show(narrowed, token(clock, roles=["zone-chair"])).get(PATH), 403, "forbidden")
    require_problem(show(narrowed, token(clock)).get(PATH), 403, "forbidden")


def test_a_token_that_takes_roles_away_gets_no_key_that_has_them(linked: Http, server: Server, clock: Clock) -> None:
    runtime = identity.trusting(linked.house.runtime, server, oidc_role_claim="roles", oidc_roles=ROLES)
    key = (linked.both.key or "").split("_")[1]
    place = f"/v1/people/{person(linked.house.both)}/keys/{key}/rotate"
    narrowed = show(Http(linked.house, create_app(runtime)), token(clock, roles=["zone-officer"]))
    require_problem(narrowed.post(place), 403, "key_wider")
    assert show(linked, token(clock)).post(place).status_code == 201


def test_keys_are_fetched_once_and_again_when_they_are_old(linked: Http, server: Server, clock: Clock) -> None:
    for _ in range(5):
        assert show(linked, token(clock)).get(PATH).status_code == 200
    assert server.asked == 1
    clock.move(minutes=10)
    assert show(linked, token(clock)).get(PATH).status_code == 200
    assert server.asked == 2


def test_a_new_key_of_the_server_counts_and_an_old_one_goes(linked: Http, server: Server, clock: Clock) -> None:
    assert show(linked, token(clock)).get(PATH).status_code == 200
    clock.move(seconds=30)
    server.keys = [published("one"), published("two")]
    assert show(linked, signed(claims(clock.now), "two", signer="two")).get(PATH).status_code == 200
    assert server.asked == 2
    server.keys = [published("two")]
    assert show(linked, token(clock)).get(PATH).status_code == 200
    clock.move(minutes=10)
    refused(linked, token(clock))
    assert show(linked, signed(claims(clock.now), "two", signer="two")).get(PATH).status_code == 200


def test_a_storm_of_unknown_keys_makes_one_request_in_each_cooldown(linked: Http, server: Server, clock: Clock) -> None:
    assert show(linked, token(clock)).get(PATH).status_code == 200
    clock.move(seconds=30)
    texts = [signed(claims(clock.now), f"unknown-{n}", algorithm="ES256") for n in range(24)]
    with ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(lambda text: show(linked, text).get(PATH).status_code, texts))
    assert statuses == {401}
    assert server.asked == 2
    assert show(linked, token(clock)).get(PATH).status_code == 200
    clock.move(seconds=30)
    refused(linked, texts[0])
    assert server.asked == 3


def test_a_server_that_was_never_there_is_asked_once_in_each_cooldown(
    linked: Http, server: Server, clock: Clock
) -> None:
    server.fails = b""
    for _ in range(4):
        refused(linked, token(clock))
    assert server.asked == 1
    assert linked.both.get(PATH).status_code == 200
