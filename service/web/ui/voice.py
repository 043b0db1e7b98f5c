"""How pages say things: the words of papers, of the domain and of pages, and every fault of a form."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from service.core.people import Role
from service.web.api.sheets.saying import Saying
from service.web.process import runtime
from service.words import together

_SECTIONS: Final = (
    *("domain", "sheets", "pages", "apply", "case"),
    *("meeting_pages", "meeting_room", "rule_pages", "ledger_pages", "admin_pages"),
)


@dataclass(frozen=True, slots=True)
class Voice(Saying):
    """Says things in ``zh`` or ``en``; moments are those of the office's zone."""

    @property
    def words(self) -> Mapping[str, str]:
        """The words of pages, and of what stands on them."""
        return together(*_SECTIONS)[self.language]

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return {"zh": "zh-CN", "en": "en"}[self.language]

    def roles(self, held: Collection[Role]) -> str:
        """Name roles, in their own order."""
        return self.joined([self.words[f"role_{role}"] for role in Role if role in held])


def voice(language: str) -> Voice:
    """Give the voice of a language."""
    return Voice(language, ZoneInfo(runtime().settings.time_zone))
