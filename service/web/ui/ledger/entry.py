"""One entry: its bytes, its place in the tree, and its proof, step by step and to take away."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from service.actions import entries, ledger
from service.actions.entries import LookedUp
from service.core.errors import NotFoundError
from service.core.ledger.canonical import leaf_hash
from service.core.ledger.merkle import verify_inclusion
from service.core.ledger.paths import Step, steps
from service.core.ledger.proofs import read_proof
from service.core.ledger.refusal import NotProvenError
from service.core.people import Permission
from service.web.api.bundles import Asked, BundleForm
from service.web.ui.ledger import drawing, taking
from service.web.ui.ledger.commands import entry_command
from service.web.ui.ledger.entries import LIST
from service.web.ui.ledger.naming import happened
from service.web.ui.ledger.standing import Noted, newest
from service.web.ui.pages import Page, PageCall, Pages, Shows
from service.web.ui.voice import Voice, voice
from service.web.views import Shown
from service.work import Work

pages = Pages()

ONE: Final = Page(
    name="ledger_entry",
    path="/ledger/entries/<name>",
    permission=Permission.READ_PROOFS,
    template="ledger_entry.html",
    under=LIST,
)
_PROOF: Final = Page(
    name="ledger_proof",
    path="/ledger/entries/<int:index>/proof",
    permission=Permission.READ_PROOFS,
    template="problem.html",
    under=LIST,
)
_PACKED: Final = Page(
    name="ledger_packed",
    path="/ledger/entries/<int:index>/zip",
    permission=Permission.READ_LEDGER,
    template="problem.html",
    query=BundleForm(),
    under=LIST,
)


@dataclass(frozen=True, slots=True)
class Verified:
    """A proof held against the newest checkpoint: every step, the drawing, and why it does not hold, if so."""

    noted: Noted
    steps: tuple[Step, ...]
    drawn: Markup | None
    because: str | None


@pages.page(ONE)
def read_entry(call: PageCall[None], name: str) -> Shows:
    """Show an entry as far as it is for whoever asks: its proof is everybody's, its bytes are not."""
    found, speaks = entries.look_up(call.work, name), voice(call.spoken)
    verified = None if found.size is None else _verified(call.work, found, speaks)
    return {
        "title": speaks.say("ledger.entry.title", index=found.index)
        if found.index is not None
        else speaks.say("ledger.entry.waiting_title"),
        "entry": found,
        **_told(call.work, found, speaks),
        "verified": verified,
        "health": ledger.health(call.work, None),
        "command": entry_command(found.index or 0, call.spoken),
    }


@pages.page(_PROOF)
def take_proof(call: PageCall[None], index: int) -> Shown:
    """Give the proof of an entry out by itself, to the newest checkpoint."""
    return taking.text(ledger.inclusion_proof(call.work, index), f"{index}.tlog-proof")


@pages.page(_PACKED)
def take_entry(call: PageCall[Asked], index: int) -> Shown:
    """Give an entry out with its proof, as the verifier takes it."""
    files = entries.proven_entry(call.work, index, call.given.checkpoint)
    return taking.packed(files, f"entry-{index}.zip")


def _told(work: Work, found: LookedUp, speaks: Voice) -> Mapping[str, object]:
    """Give what an entry says: in words, laid out and to the byte; nothing where it is not to be read."""
    if found.canon is None:
        return {"event": None, "happened": None, "laid_out": "", "exact": "", "is_sound": True}
    event: dict[str, Any] = json.loads(found.canon)
    (told,) = happened(work, [event], speaks)
    return {
        "event": event,
        "happened": told,
        "laid_out": json.dumps(event, ensure_ascii=False, indent=2),
        "exact": found.canon.decode(),
        "is_sound": leaf_hash(found.canon) == found.leaf_hash,
    }


def _verified(work: Work, found: LookedUp, speaks: Voice) -> Verified:
    """Work the proof out anew: from the bytes where they may be read, otherwise from their hash."""
    noted = newest(work)
    if noted is None or found.index is None or found.leaf_hash is None:
        raise NotFoundError(kind="checkpoint")
    leaf = found.leaf_hash if found.canon is None else leaf_hash(found.canon)
    size, root = noted.checkpoint.size, noted.checkpoint.root
    try:
        proof = read_proof(ledger.inclusion_proof(work, found.index, size)).path
        taken = steps(leaf, found.index, size, proof)
    except NotProvenError as error:
        return Verified(noted, (), None, error.because)
    because = noted.because
    try:
        verify_inclusion(leaf, found.index, size, proof, root)
    except NotProvenError as error:
        because = error.because
    return Verified(noted, taken, drawing.path(leaf, found.index, taken, speaks), because)
