"""Texts in the files of office programs: those are made of XML, which has no place for some characters."""

import re
from typing import Final

# What stands outside XML 1.0, section 2.2.
_NONE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fit(text: str) -> str:
    """Leave out what no XML file can hold."""
    return _NONE.sub("", text)
