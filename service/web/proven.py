"""Answers that leave only when what they tell is in the ledger's tree, under a signed checkpoint.

The answer names the entries by three headers. A repetition, which is answered from memory, is proven anew.
"""

from typing import Final

from flask import Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from service.actions import ledger
from service.actions.ledger import Included
from service.core.errors import SluiceError
from service.web.headers import request_id
from service.web.process import runtime
from service.work import Work

# Entries by the numbers the database gave them; they travel with a remembered answer.
ENTRIES: Final = "Sluice-Ledger-Entries"
INDEX: Final = "Sluice-Ledger-Index"
LINK: Final = "Link"

_PROOF: Final = "/v1/ledger/proofs/inclusion"


def name_entries(response: Response, work: Work) -> None:
    """Let an answer name the entries its work has written."""
    if work.entries:
        response.headers[ENTRIES] = ", ".join(map(str, work.entries))


def prove(response: Response) -> Response:
    """Wait until the entries an answer names are in the tree and signed over; the answer then says where.

    They are committed by now, so that the answer stands even if they cannot be proven yet: then it does not say where.
    """
    named = response.headers.get(ENTRIES)
    if named is None:
        return response
    included = _include([int(number) for number in named.split(",")])
    if included.indices:
        response.headers[INDEX] = ", ".join(map(str, included.indices))
    if included.size is not None:
        links = (f'<{_PROOF}?index={index}&size={included.size}>; rel="proof"' for index in included.indices)
        response.headers[LINK] = ", ".join(links)
    return response


def _include(entries: list[int]) -> Included:
    try:
        return ledger.include(runtime(), entries)
    except (SluiceError, SQLAlchemyError):
        current_app.logger.exception("not proven yet", extra={"request_id": request_id()})
        return Included((), None)
