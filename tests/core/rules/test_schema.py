"""The JSON Schema of a rules file: current, said in both languages, and at one with the loader."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker  # type: ignore[import-untyped]  # comes without types

from service.core.rules.reading.collect import Faults
from service.core.rules.reading.keys import SECTIONS
from service.core.rules.reading.plain import plain
from service.core.rules.reading.text import decode
from service.core.rules.reading.yaml import compose
from service.core.rules.schema import schema, schema_text
from service.core.values import Json
from service.words import LANGUAGES, sections
from tests import make
from tests.cli.commands import ROOT, call
from tests.core.rules.edits import Edit, edits, sound

WORDS = sections("keys")
SCHEMA = schema(WORDS)
RULEBOOKS = [ROOT / "rules.yaml", *sorted((ROOT / "examples" / "rulebooks").glob("*.yaml"))]

# Faults of form that no schema can see: in the text of an expression, between entries, in the spelling of a key, or
# in numbers that only the loader looks at.
UNSEEN = {
    "single_equals",
    "word_operator",
    "full_width",
    "name_letters",
    "operator_spelling",
    "ends_early",
    "bracket_open",
    "no_null",
    "number_form",
    "id_twice",
    "text_unquoted",
    "unit_useless",
    "decimals_useless",
    "fraction_form",
    "number_range",
}
FORMS = FormatChecker(formats=())


def is_day(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


FORMS.checks("date", raises=ValueError)(is_day)
VALIDATOR = Draft7Validator(SCHEMA, format_checker=FORMS)


def document(content: bytes) -> tuple[Any, bool]:
    """What an editor makes of a file, and whether it is YAML without a fault."""
    source, _ = decode(content)
    assert source is not None
    faults = Faults()
    root = compose(source, SECTIONS, faults)
    return None if root is None else floating(plain(root, Faults())), len(faults) == 0


def floating(value: Json) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [floating(item) for item in value]
    return {key: floating(item) for key, item in value.items()} if isinstance(value, dict) else value


def told(content: bytes) -> list[str]:
    return told_of(document(content)[0])


def told_of(value: object) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(value)]


def forms(edit: Edit) -> set[str]:
    return {code for severity, code, _, _ in edit.told if severity == "form"}


def objects(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from objects(inner)


def described() -> Iterator[str]:
    for node in objects(SCHEMA):
        yield from (text for key in ("title", "description") if isinstance(text := node.get(key), str))
        yield from node.get("enumDescriptions", ())


EDITS = list(edits())
FAULTY = [edit for edit in EDITS if forms(edit) - UNSEEN]
SOUND = [edit for edit in EDITS if not forms(edit) and "weight_negative" not in {told[1] for told in edit.told}]


def test_the_committed_schema_is_current_and_is_what_the_command_prints() -> None:
    committed = (ROOT / "docs" / "rules.schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(WORDS)
    assert call("rules", "schema").stdout == committed
    assert json.loads(committed) == SCHEMA


def test_it_is_a_schema_of_draft_7() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("path", RULEBOOKS, ids=lambda path: path.stem)
def test_the_rulebooks_of_the_house_fit_it(path: Path) -> None:
    assert told(path.read_bytes()) == []


def test_the_small_rulebooks_of_the_tests_fit_it() -> None:
    assert told(make.edition()) == told(sound().encode()) == []


@pytest.mark.parametrize("edit", FAULTY, ids=[edit.title for edit in FAULTY])
def test_a_fault_of_form_is_no_yaml_or_does_not_fit_it(edit: Edit) -> None:
    value, is_yaml = document(edit.text.encode())
    assert not is_yaml or told_of(value)


@pytest.mark.parametrize("edit", SOUND, ids=[edit.title for edit in SOUND])
def test_what_is_well_formed_fits_it_whatever_it_means(edit: Edit) -> None:
    value, is_yaml = document(edit.text.encode())
    assert is_yaml
    assert told_of(value) == []


def test_there_are_enough_faults_to_tell() -> None:
    assert len(FAULTY) >= 100
    assert len(SOUND) >= 50


def test_every_key_and_word_has_a_sentence_in_both_languages_and_no_sentence_is_left_over() -> None:
    used = set(described())
    spoken = {" / ".join(f"{language} {WORDS[language][code]}" for language in LANGUAGES): code for code in WORDS["zh"]}
    assert used == set(spoken)


def test_every_property_is_described() -> None:
    tables = [node["properties"] for node in objects(SCHEMA) if node.get("additionalProperties") is False]
    found = [(name, shape) for table in tables for name, shape in table.items()]
    assert len(found) > 150
    assert [name for name, shape in found if "description" not in shape] == []
