"""What an inspector does on a computer of their own, step by step, and the files they take there."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from service.actions import ledger, trusting
from service.core.errors import NotFoundError
from service.core.ledger.keys import fingerprint, write_vkey
from service.core.ledger.policy import write_policy
from service.core.people import Permission
from service.web.process import runtime
from service.web.ui.ledger import taking
from service.web.ui.ledger.commands import command, vkey
from service.web.ui.ledger.entries import LIST
from service.web.ui.ledger.naming import reads_entries
from service.web.ui.ledger.standing import newest
from service.web.ui.pages import Page, PageCall, Pages, Shows
from service.web.views import Shown
from service.work import Work

pages = Pages()

VERIFY: Final = Page(
    name="ledger_verify",
    path="/ledger/verify",
    permission=Permission.READ_PROOFS,
    template="ledger_verify.html",
    under=LIST,
)
_FILE: Final = Page(
    name="ledger_file",
    path="/ledger/files/<name>",
    permission=Permission.READ_PROOFS,
    template="problem.html",
    under=VERIFY,
)


@pages.page(VERIFY)
def explain(call: PageCall[None]) -> Shows:
    """Tell what to do, with the command lines as they are copied."""
    noted, key = newest(call.work), vkey()
    last = None if noted is None or noted.checkpoint.size == 0 else noted.checkpoint.size - 1
    packed = f"entry-{last}.zip"
    return {
        "noted": noted,
        "sha256": hashlib.sha256(_verifier()).hexdigest(),
        "vkey": key,
        "fingerprint": None if key is None else fingerprint(key),
        "witnesses": [write_vkey(one.key) for one in call.work.settings.ledger_witnesses],
        "last": last,
        "packed": packed,
        "entry_command": command(call.spoken, packed, "--tree-only"),
        "case_command": command(call.spoken, "CASE.zip"),
        "reads_entries": reads_entries(call.work),
        "verifier": taking.VERIFIER,
        "run": taking.COMMAND,
    }


@pages.page(_FILE)
def take(call: PageCall[None], name: str) -> Shown:
    """Give one of the files out, to the byte. Raises ``NotFoundError``."""
    if name not in _FILES:
        raise NotFoundError(kind="path")
    return taking.text(_FILES[name](call.work), name)


@cache
def _verifier() -> bytes:
    return (files("service.core.ledger") / "verify.py").read_bytes()


def _keys(work: Work) -> bytes:
    """Write every public key on a line of its own, as ``--key`` takes it."""
    policy = trusting.policy(work, runtime().signer)
    trusted = (*policy.logs, *policy.witnesses.values())
    return "".join(f"{write_vkey(one.key)}\n" for one in trusted).encode()


def _policy(work: Work) -> bytes:
    policy = trusting.policy(work, runtime().signer)
    if not policy.logs:
        raise NotFoundError(kind="path")
    return write_policy(policy)


_FILES: Final[Mapping[str, Callable[[Work], bytes]]] = MappingProxyType(
    {
        taking.VERIFIER: lambda _: _verifier(),
        "checkpoint.txt": ledger.note,
        "policy.txt": _policy,
        "keys.txt": _keys,
    }
)
