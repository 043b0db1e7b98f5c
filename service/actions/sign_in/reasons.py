"""Why a password is what it is: what its entry in the ledger says."""

import json
from enum import StrEnum

from sqlalchemy import select

from service.db.ledger import LedgerEvent
from service.db.sign_in import PasswordRow
from service.work import Work


class Why(StrEnum):
    """Why there is another hash.

    Given by whoever manages people, to last or to be used once; chosen by oneself; or hashed more strongly.
    """

    GIVEN = "given"
    ONE_TIME = "one_time"
    CHOSEN = "chosen"
    STRENGTHENED = "strengthened"


def is_one_time(work: Work, row: PasswordRow) -> bool:
    """Whether a password is good for nothing but choosing another."""
    canon = work.session.execute(select(LedgerEvent.canon).where(LedgerEvent.id == row.event_id)).scalar_one()
    return bool(json.loads(bytes(canon))["data"]["why"] == Why.ONE_TIME)
