from ipaddress import IPv4Network
from pathlib import Path

import pytest

from service.config import Settings, SettingsError, read_settings
from service.core.addresses import Allowed
from service.core.errors import Flaw
from service.core.ledger.keys import read_vkey
from service.core.ledger.witnessing import Witness
from service.core.people import Role
from service.core.tokens import ALGORITHMS
from tests.core.ledger.logs import LOG_VKEY, WITNESS_VKEY

_OIDC = {
    "OIDC_ISSUER": "https://id.zone.example/realms/zone",
    "OIDC_AUDIENCE": "sluice",
    "OIDC_JWKS_URL": "https://id.zone.example/realms/zone/certs",
    "OIDC_ALGORITHMS": "es256, RS256,es256",
    "OIDC_ROLE_CLAIM": "realm_access.roles",
    "OIDC_ROLES": "zone-officer=officer, zone-chair=chair",
    "OIDC_LEEWAY_SECONDS": "5",
}


def test_without_any_variable_the_defaults_hold() -> None:
    assert read_settings() == Settings()


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "DATABASE_URL": "postgresql://sluice@db/sluice",
        "TIME_ZONE": "Asia/Urumqi",
        "LANGUAGE": "EN",
        "DEMO": "True",
        "LOG_LEVEL": "Debug",
        "MAX_BODY_BYTES": "2048",
        "WORKERS": "3",
        "THREADS": "5",
        "RECONSIDER_DAYS": "30",
        "REVIEW_DAYS": "15",
        "OPINION_DAYS": "3",
        "CALENDAR_FILE": "calendars/ours.yaml",
        "LEDGER_KEY_FILE": "keys/log",
        "LEDGER_NEXT_KEY_FILE": "keys/next",
        "LEDGER_ORIGIN": "zone.example/ledger/1",
        "LEDGER_MEMORY_FILE": "keys/memory",
        "LEDGER_ANCHOR_FILE": "anchors",
        "LEDGER_MERGE_DELAY_SECONDS": "60",
        "LEDGER_WITNESSES": f"{WITNESS_VKEY} http://127.0.0.1:8100",
        "WEBHOOK_ALLOWED_HOSTS": "ERP.zone.internal, 10.2.0.0/16",
        "LEDGER_ANCHOR_URL": "https://archive.example/hook?token=t",
        "REQUESTS_PER_MINUTE": "0",
        "FAILURES_PER_MINUTE": "7",
        "TRUSTED_PROXIES": "127.0.0.1, 10.2.0.0/16",
        "HSTS_SECONDS": "31536000",
        "METRICS_TOKEN": "0123456789abcdef",
        "READY_OUTBOX_SECONDS": "60",
        "REPLIES_DAYS": "2",
        "DELIVERED_DAYS": "30",
        **_OIDC,
    }
    for name, value in given.items():
        monkeypatch.setenv(f"SLUICE_{name}", value)
    assert read_settings() == Settings(
        database_url="postgresql://sluice@db/sluice",
        time_zone="Asia/Urumqi",
        language="en",
        demo=True,
        log_level="debug",
        max_body_bytes=2048,
        workers=3,
        threads=5,
        reconsider_days=30,
        review_days=15,
        opinion_days=3,
        calendar_file="calendars/ours.yaml",
        ledger_key_file="keys/log",
        ledger_next_key_file="keys/next",
        ledger_origin="zone.example/ledger/1",
        ledger_memory_file="keys/memory",
        ledger_anchor_file="anchors",
        ledger_merge_delay_seconds=60,
        ledger_witnesses=(Witness(read_vkey(WITNESS_VKEY), "http://127.0.0.1:8100"),),
        webhook_allowed_hosts=Allowed(frozenset({"erp.zone.internal"}), (IPv4Network("10.2.0.0/16"),)),
        ledger_anchor_url="https://archive.example/hook?token=t",
        requests_per_minute=0,
        failures_per_minute=7,
        trusted_proxies=(IPv4Network("127.0.0.1/32"), IPv4Network("10.2.0.0/16")),
        hsts_seconds=31_536_000,
        metrics_token="0123456789abcdef",  # noqa: S106 - the one given above
        ready_outbox_seconds=60,
        replies_days=2,
        delivered_days=30,
        oidc_issuer="https://id.zone.example/realms/zone",
        oidc_audience="sluice",
        oidc_jwks_url="https://id.zone.example/realms/zone/certs",
        oidc_algorithms=("ES256", "RS256"),
        oidc_role_claim="realm_access.roles",
        oidc_roles=(("zone-officer", Role.OFFICER), ("zone-chair", Role.CHAIR)),
        oidc_leeway_seconds=5,
    )
    assert "0123456789abcdef" not in repr(read_settings())
    assert "token" not in repr(read_settings())


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"OIDC_ALGORITHMS": "none"}, Flaw("SLUICE_OIDC_ALGORITHMS", "setting_choice", {"known": ALGORITHMS})),
        ({"OIDC_ALGORITHMS": "RS256,HS256"}, Flaw("SLUICE_OIDC_ALGORITHMS", "setting_choice", {"known": ALGORITHMS})),
        ({"OIDC_ALGORITHMS": ","}, Flaw("SLUICE_OIDC_ALGORITHMS", "setting_choice", {"known": ALGORITHMS})),
        ({"OIDC_AUDIENCE": ""}, Flaw("SLUICE_OIDC_AUDIENCE", "setting_missing_too")),
        ({"OIDC_JWKS_URL": ""}, Flaw("SLUICE_OIDC_JWKS_URL", "setting_missing_too")),
        ({"OIDC_ISSUER": ""}, Flaw("SLUICE_OIDC_ISSUER", "setting_missing_too")),
        ({"OIDC_ISSUER": "two words"}, Flaw("SLUICE_OIDC_ISSUER", "setting_text")),
        ({"OIDC_ROLES": ""}, Flaw("SLUICE_OIDC_ROLES", "setting_missing_too")),
        ({"OIDC_ROLES": "a=officer,b=king"}, Flaw("SLUICE_OIDC_ROLES", "setting_roles", {"number": 2})),
        ({"OIDC_ROLE_CLAIM": ""}, Flaw("SLUICE_OIDC_ROLE_CLAIM", "setting_missing_too")),
        ({"OIDC_JWKS_URL": "http://id.zone.example/certs"}, Flaw("SLUICE_OIDC_JWKS_URL", "setting_https")),
        ({"OIDC_JWKS_URL": "http://127.0.0.1.zone.example/"}, Flaw("SLUICE_OIDC_JWKS_URL", "setting_https")),
        ({"OIDC_JWKS_URL": "file:///etc/keys"}, Flaw("SLUICE_OIDC_JWKS_URL", "setting_url")),
        (
            {"OIDC_LEEWAY_SECONDS": "301"},
            Flaw("SLUICE_OIDC_LEEWAY_SECONDS", "setting_number", {"least": 0, "most": 300}),
        ),
    ],
)
def test_an_identity_server_that_could_not_be_believed_is_refused(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], flaw: Flaw
) -> None:
    for name, value in {**_OIDC, **changes}.items():
        monkeypatch.setenv(f"SLUICE_{name}", value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert refused.value.flaws == (flaw,)


@pytest.mark.parametrize("url", ["http://localhost:8080/certs", "http://127.0.0.1/certs", "http://[::1]:9/"])
def test_keys_of_a_server_on_this_machine_may_come_in_the_clear(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    for name, value in {**_OIDC, "OIDC_JWKS_URL": url}.items():
        monkeypatch.setenv(f"SLUICE_{name}", value)
    assert read_settings().oidc_jwks_url == url


def test_in_a_demonstration_keys_may_come_in_the_clear_from_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**_OIDC, "OIDC_JWKS_URL": "http://id.zone.example/certs", "DEMO": "true"}.items():
        monkeypatch.setenv(f"SLUICE_{name}", value)
    assert read_settings().oidc_jwks_url == "http://id.zone.example/certs"


def test_a_key_needs_the_name_of_its_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_LEDGER_KEY_FILE", "key")
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert refused.value.flaws == (Flaw("SLUICE_LEDGER_ORIGIN", "setting_missing"),)


def test_witnesses_may_stand_in_a_file_each_on_a_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "witnesses").write_text(f"{WITNESS_VKEY} http://127.0.0.1:8100/\n\n", encoding="ascii")
    monkeypatch.setenv("SLUICE_LEDGER_WITNESSES_FILE", str(tmp_path / "witnesses"))
    assert read_settings().ledger_witnesses == (Witness(read_vkey(WITNESS_VKEY), "http://127.0.0.1:8100"),)


@pytest.mark.parametrize(
    ("name", "text", "flaw"),
    [
        (
            "WITNESSES",
            f"{WITNESS_VKEY} http://127.0.0.1:8100,{LOG_VKEY} http://127.0.0.1",
            Flaw("SLUICE_LEDGER_WITNESSES", "setting_witnesses", {"number": 2}),
        ),
        ("WITNESSES", "somebody", Flaw("SLUICE_LEDGER_WITNESSES", "setting_witnesses", {"number": 1})),
        ("ANCHOR_URL", "archive.example", Flaw("SLUICE_LEDGER_ANCHOR_URL", "setting_url")),
        ("ANCHOR_URL", "https://me:word@archive.example", Flaw("SLUICE_LEDGER_ANCHOR_URL", "setting_url")),
    ],
)
def test_whoever_cannot_be_told_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, text: str, flaw: Flaw) -> None:
    monkeypatch.setenv(f"SLUICE_LEDGER_{name}", text)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert refused.value.flaws == (flaw,)


@pytest.mark.parametrize("origin", ["two words", "a+b", "x" * 201, "line\nbreak"])
def test_a_name_that_no_key_can_have_is_refused(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("SLUICE_LEDGER_ORIGIN", origin)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert refused.value.flaws == (Flaw("SLUICE_LEDGER_ORIGIN", "setting_origin"),)


def test_a_demonstration_has_a_key_beside_its_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_DEMO", "true")
    assert read_settings().ledger_key_file == "var/sluice.db-ledger.key"
    assert read_settings().ledger_origin == "sluice.example/demo"
    monkeypatch.setenv("SLUICE_DATABASE_URL", "postgresql://db/sluice")
    assert read_settings().ledger_key_file == ""


@pytest.mark.parametrize(
    ("name", "text", "flaw"),
    [
        ("TRUSTED_PROXIES", "127.0.0.1, proxy", Flaw("SLUICE_TRUSTED_PROXIES", "setting_networks", {"number": 2})),
        ("TRUSTED_PROXIES", "10.2.0.1/16", Flaw("SLUICE_TRUSTED_PROXIES", "setting_networks", {"number": 1})),
        ("METRICS_TOKEN", "short", Flaw("SLUICE_METRICS_TOKEN", "setting_token", {"least": 16})),
        ("METRICS_TOKEN", "two words are none", Flaw("SLUICE_METRICS_TOKEN", "setting_token", {"least": 16})),
    ],
)
def test_whom_to_believe_and_what_opens_are_read_strictly(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, flaw: Flaw
) -> None:
    monkeypatch.setenv(f"SLUICE_{name}", text)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert refused.value.flaws == (flaw,)


def test_a_missing_origin_is_told_beside_every_other_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_LEDGER_KEY_FILE", "key")
    monkeypatch.setenv("SLUICE_LANGUAGE", "fr")
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert [flaw.pointer for flaw in refused.value.flaws] == ["SLUICE_LANGUAGE", "SLUICE_LEDGER_ORIGIN"]


def test_every_fault_is_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SLUICE_DATABASE_URL", "mysql://root:hunter2@db/sluice")
    monkeypatch.setenv("SLUICE_TIME_ZONE_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("SLUICE_LANGUAGE", "fr")
    monkeypatch.setenv("SLUICE_DEMO", "perhaps")
    monkeypatch.setenv("SLUICE_LOG_LEVEL", "")
    monkeypatch.setenv("SLUICE_MAX_BODY_BYTES", "1023")
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert refused.value.flaws == (
        Flaw("SLUICE_DATABASE_URL", "setting_database", {"known": ("sqlite", "postgresql", "postgresql+psycopg")}),
        Flaw("SLUICE_TIME_ZONE_FILE", "setting_file"),
        Flaw("SLUICE_LANGUAGE", "setting_choice", {"known": ("zh", "en")}),
        Flaw("SLUICE_DEMO", "setting_choice", {"known": ("true", "false")}),
        Flaw("SLUICE_LOG_LEVEL", "setting_choice", {"known": ("debug", "info", "warning", "error")}),
        Flaw("SLUICE_MAX_BODY_BYTES", "setting_number", {"least": 1024, "most": 104857600}),
    )
    assert "hunter2" not in repr(refused.value.flaws)


@pytest.mark.parametrize("text", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_database_that_every_connection_would_have_for_itself_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("SLUICE_DATABASE_URL", text)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert [flaw.code for flaw in refused.value.flaws] == ["setting_database_memory"]


@pytest.mark.parametrize("text", ["not a url", "postgres://db/sluice", "sqlite+aiosqlite:///x.db", ""])
def test_a_database_that_cannot_be_spoken_to_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SLUICE_DATABASE_URL", text)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert [flaw.code for flaw in refused.value.flaws] == ["setting_database"]


@pytest.mark.parametrize("text", ["x", "-1", "1e6", "１０２４０", "104857601", "9" * 5000, "2048.0"])
def test_a_size_that_is_no_number_in_range_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SLUICE_MAX_BODY_BYTES", text)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert [flaw.code for flaw in refused.value.flaws] == ["setting_number"]


@pytest.mark.parametrize("text", ["Mars/Olympus", "../../etc/passwd", ""])
def test_a_time_zone_nobody_keeps_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SLUICE_TIME_ZONE", text)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert refused.value.flaws == (Flaw("SLUICE_TIME_ZONE", "setting_time_zone"),)


def test_a_password_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://sluice:hunter2@db/sluice\n", encoding="utf-8")
    monkeypatch.setenv("SLUICE_DATABASE_URL_FILE", str(file))
    assert read_settings().database_url == "postgresql://sluice:hunter2@db/sluice"
    assert "hunter2" not in repr(read_settings())
