"""The command lines an inspector copies, with the log's key as the house says it is."""

import shlex
from typing import Final

from service.core.ledger.keys import write_vkey
from service.web.process import runtime
from service.web.ui.ledger.taking import COMMAND

_LANGUAGES: Final = {"zh": (), "en": ("--language", "en")}


def vkey() -> str | None:
    """Give the public key of the log; None without one."""
    signer = runtime().signer
    return None if signer is None else write_vkey(signer.key)


def command(spoken: str, bundle: str, *options: str) -> str | None:
    """Write the line that verifies what was taken away, None without a key."""
    key = vkey()
    if key is None:
        return None
    return " ".join([COMMAND, *map(shlex.quote, (bundle, "--key", key, *options, *_LANGUAGES[spoken]))])


def entry_command(index: int, spoken: str) -> str | None:
    """Write the line that verifies one entry that was taken away."""
    return command(spoken, f"entry-{index}.zip", "--tree-only")
