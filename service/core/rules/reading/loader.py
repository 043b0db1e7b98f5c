"""ruamel.yaml's own layers up to events, bound to one another, with short cuts for what a rules file is full of.

The short cuts change nothing: a test compares the events with those of ruamel's own loader.
"""

import re
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, StreamMark
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import ScalarToken, Token

from service.core.rules.reading.text import Source

# Spaces, comments and line breaks before the next token.
_GAP = re.compile(r"(?:[ ]*(?:#[^\r\n\0]*)?(?:\r\n|\r|\n))*[ ]*")
_BREAKS = re.compile(r"\r\n|\r|\n")
# A plain text on one line whose end is in sight: in a block only a key, within brackets whatever a mark ends.
_WORDS = r"[^\s#:,?\[\]{}\0]+(?: [^\s#:,?\[\]{}\0]+)*"
_KEY = re.compile(rf"{_WORDS}(?=:[ \n])")
_IN_BRACKETS = re.compile(rf"{_WORDS}(?=:[ \n]|[,\]}}])")


class Loader(Reader, Scanner, Parser):
    """Gives the events of a text from a character on; see ``check_event`` and ``get_event``."""

    comment_handling = None
    processing_version = (1, 2)
    reader: Any = None
    scanner: Any = None
    resolver: Any = None

    def __init__(self, source: Source, start: int = 0) -> None:
        self.reader = self.scanner = self.resolver = self
        Reader.__init__(self, source.text, loader=self)
        Scanner.__init__(self, loader=self)
        Parser.__init__(self, loader=self)
        self.pointer = self.index = start
        self.line = source.place(start).line - 1

    def get_mark(self) -> StreamMark:
        """Give the present position, without the text around it."""
        return StreamMark(None, self.index, self.line, self.column)

    def need_more_tokens(self) -> bool:
        """Answer at once where nothing read so far can still turn out to be a key."""
        if self.tokens and not self.possible_simple_keys:
            return False
        return bool(super().need_more_tokens())

    def check_token(self, *choices: type[Token]) -> bool:
        """Say whether the next token is one of these."""
        while self.need_more_tokens():
            self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def scan_to_next_token(self) -> None:
        """Skip what stands before the next token, over any number of lines."""
        if self.buffer[self.pointer] in " #\r\n":
            self._skip(_GAP.match(self.buffer, self.pointer))
        if self.buffer[self.pointer] in "#\t":
            super().scan_to_next_token()

    def _skip(self, gap: re.Match[str] | None) -> None:
        if gap is None:
            return
        ends = [found.end() for found in _BREAKS.finditer(gap[0])]
        if ends:
            self.line += len(ends)
            self.column = 0
            self.allow_simple_key = self.allow_simple_key or not self.flow_context
        self._forward(len(gap[0]), len(gap[0]) - (ends[-1] if ends else 0))

    def _forward(self, length: int, columns: int) -> None:
        self.pointer += length
        self.index += length
        self.column += columns

    def scan_plain(self) -> ScalarToken:
        """Take a plain text on one line at once."""
        simple = (_IN_BRACKETS if self.flow_context else _KEY).match(self.buffer, self.pointer)
        if simple is None:
            plain: ScalarToken = super().scan_plain()
            return plain
        start = self.get_mark()
        self._forward(len(simple[0]), len(simple[0]))
        self.allow_simple_key = False
        return ScalarToken(simple[0], True, start, self.get_mark())  # noqa: FBT003 - ruamel's own order

    def fetch_directive(self) -> None:
        """Refuse directives before anything is made of them."""
        raise MarkedYAMLError(problem="directive", problem_mark=self.get_mark())
