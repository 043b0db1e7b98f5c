"""The house rules that hold over the whole project, checked by looking at all of it."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest

import service
from service.config import PREFIX, Settings
from service.core.errors import SluiceError
from service.core.people import PERMISSIONS, Permission
from service.web import handbook, problems
from service.web.endpoints import Endpoint, OpenEndpoint
from service.web.routes import declared
from service.web.ui import files as page_files
from service.web.ui import pages
from service.words import LANGUAGES, sections
from service.words import problems as words
from tests import apps, make
from tests.actions.tables import added, counts
from tests.api.calling import Http
from tests.api.samples import SAMPLES, prepare

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "service").rglob("*.py"))
SECTIONS = sorted(path.stem for path in (ROOT / "service" / "words" / "zh").glob("*.yaml"))

# What anybody may ask without saying who they are.
OPEN = {"/healthz", "/readyz", "/version", "/metrics", "/openapi.yaml", "/docs", "/docs/<name>", "/problems/<code>"}

# Pages anybody may see, and what anybody may send from one.
OPEN_PAGES = {"/", "/sign-in", "/sign-in/first", "/language"}

# Standard-library modules the core may use: none of them reads, writes, waits or guesses.
PURE = {
    "base64",
    "binascii",
    "bisect",
    "collections",
    "contextlib",
    "copy",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "fractions",
    "functools",
    "graphlib",
    "hashlib",
    "hmac",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "math",
    "operator",
    "re",
    "string",
    "types",
    "typing",
    "unicodedata",
    "uuid",
}
PURE_LIBRARIES = {"cryptography", "lark", "ruamel"}

# Where the core touches a file, and why it may.
IMPURE = {
    ("service/core/ledger/verify.py", "*"),  # also a program of its own, for inspectors
    ("service/core/rules/expressions/parse.py", "pathlib"),  # the grammar is a file beside its module
}


# What is long on purpose.
LONG = {"service/core/ledger/verify.py"}  # one file that an inspector carries away


@pytest.fixture
def http(house: make.House) -> Http:
    return Http(house, apps.lent(house.runtime))


def every_kind() -> list[type[SluiceError]]:
    """Every kind of error of the project, wherever it is defined."""
    for module in pkgutil.walk_packages(service.__path__, "service."):
        if module.name != "service.wsgi":
            importlib.import_module(module.name)
    return list(problems.kinds())


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_every_endpoint_declares_a_permission_or_is_one_of_the_open_ones(http: Http) -> None:
    found = declared(http.app)
    rules = {rule.endpoint: rule.rule for rule in http.app.url_map.iter_rules()}
    assert set(rules) == set(found) | set(pages.declared(http.app)) | {page_files.NAME}
    assert {rules[name] for name, endpoint in found.items() if isinstance(endpoint, OpenEndpoint)} == OPEN
    for name, endpoint in found.items():
        if isinstance(endpoint, Endpoint):
            assert isinstance(endpoint.permission, Permission), name


def test_every_page_declares_a_permission_or_is_one_of_the_open_ones(http: Http) -> None:
    found = pages.declared(http.app).values()
    assert {page.path for page in found if page.permission is None} == OPEN_PAGES
    assert {type(page.permission) for page in found if page.permission is not None} == {Permission}
    for page in found:
        if isinstance(page, pages.Page):
            assert all(f"page.{page.name}" in sections("pages")[language] for language in LANGUAGES)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_changes_something_leaves_an_entry_and_what_does_not_leaves_nothing(http: Http, name: str) -> None:
    endpoint = declared(http.app)[name]
    assert isinstance(endpoint, Endpoint)
    ready = prepare(http, http.newcomer(min(PERMISSIONS[endpoint.permission])), name, endpoint)
    before = counts(http.house.runtime)
    assert ready.send().status_code == endpoint.status
    grown = added(before, counts(http.house.runtime))
    if endpoint.read_only:
        assert grown == {}
    else:
        assert grown["ledger_event"] == grown["ledger_pending"] > 0


def test_every_endpoint_that_is_no_get_is_called_above(http: Http) -> None:
    assert set(SAMPLES) == {name for name, found in declared(http.app).items() if isinstance(found, Endpoint)}


def test_every_error_has_words_in_both_languages_and_an_entry() -> None:
    kinds = every_kind()
    written = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert written == handbook.problems_text()
    codes = {kind.code for kind in kinds}
    assert set(re.findall(r"^## (\S+)$", written, re.MULTILINE)) == codes
    for language in LANGUAGES:
        for code in codes:
            assert words.title(language, code)
            assert words.advice(language, code)
        assert {name.partition(".")[0] for name in sections("errors")[language]} == codes


def test_no_two_kinds_of_errors_share_a_code_unless_one_is_the_other() -> None:
    every_kind()
    seen: dict[str, type[SluiceError]] = {}
    for kind in problems.every():
        other = seen.setdefault(kind.code, kind)
        assert issubclass(kind, other), (kind, other)


@pytest.mark.parametrize("section", SECTIONS)
def test_both_languages_say_the_same_codes_with_the_same_figures(section: str) -> None:
    chinese, english = sections(section)["zh"], sections(section)["en"]
    assert sorted(chinese) == sorted(english)
    for code, sentence in chinese.items():
        assert placeholders(sentence) == placeholders(english[code]), code
        assert sentence.strip(), code
        assert english[code].strip(), code


def test_both_languages_have_the_same_sections() -> None:
    assert sorted(path.stem for path in (ROOT / "service" / "words" / "en").glob("*.yaml")) == SECTIONS


def test_a_code_of_a_flaw_means_one_thing() -> None:
    codes = [code for section in words.FLAW_SECTIONS for code in sections(section)["zh"]]
    assert sorted(codes) == sorted(set(codes))


def test_no_module_is_longer_than_300_lines() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES
    }
    assert {place: length for place, length in lengths.items() if length > 300 and place not in LONG} == {}


def test_only_the_unit_of_work_commits() -> None:
    ends = {"commit", "rollback", "begin", "begin_nested"}
    found = {
        (path.relative_to(ROOT).as_posix(), node.func.attr)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ends
    }
    assert {place for place, _ in found} <= {
        "service/work.py",
        "service/db/engine.py",  # settings of a new connection
        "service/db/migrate.py",  # migrations are transactions of their own
    }


def test_the_core_imports_only_what_is_pure() -> None:
    for path in sorted((ROOT / "service" / "core").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if (place, "*") in IMPURE:
            continue
        for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            top = name.partition(".")[0]
            is_ours = name == "service.core" or name.startswith("service.core.")
            assert is_ours or top in PURE | PURE_LIBRARIES or (place, top) in IMPURE, (place, name)


def test_every_setting_is_explained() -> None:
    explained = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    names = {PREFIX + field.name.upper() for field in fields(Settings)}
    assert {name for name in names if f"`{name}`" not in explained} == set()
    assert set(re.findall(rf"`({PREFIX}[A-Z_]+)`", explained)) - {f"{name}_FILE" for name in names} - names <= {
        "SLUICE_TEST_DATABASE_URL"
    }
