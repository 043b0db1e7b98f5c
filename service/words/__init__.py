"""Every sentence the service says, in Chinese and in English.

A section is one file per language, ``zh/<section>.yaml`` and ``en/<section>.yaml``: codes and their sentences, with
``{figures}`` to fill in. Chinese comes first; both languages have the same codes and figures, which a test compares.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML

from service.core.values import number_text

LANGUAGES = ("zh", "en")

_FOLDER = Path(__file__).parent


@cache
def section(language: str, name: str) -> Mapping[str, str]:
    """Give the sentences of a section in one language: code, then sentence."""
    found: dict[str, str] = YAML(typ="safe", pure=True).load(_FOLDER / language / f"{name}.yaml")
    return MappingProxyType(found)


@cache
def sections(name: str) -> Mapping[str, Mapping[str, str]]:
    """Give the sentences of a section: language, then code, then sentence."""
    return MappingProxyType({language: section(language, name) for language in LANGUAGES})


@cache
def together(*names: str) -> Mapping[str, Mapping[str, str]]:
    """Give the sentences of several sections as one. They share no code, which a test sees to."""
    found = [sections(name) for name in names]
    return {language: {code: said for one in found for code, said in one[language].items()} for language in LANGUAGES}


def sentence(language: str, name: str, code: str, figures: Mapping[str, object]) -> str:
    """Say a code in a language, with its figures. Raises ``KeyError`` for a code or a figure that does not exist."""
    shown = {figure: _shown(value) for figure, value in figures.items()}
    return section(language, name)[code].format_map(shown)


def _shown(figure: object) -> str:
    if isinstance(figure, Decimal):
        return number_text(figure)
    if isinstance(figure, list | tuple | set | frozenset):
        return ", ".join(_shown(item) for item in figure)
    return str(figure)
