"""A Python client of Sluice: ``SluiceClient``, what it takes, what it gives, what it raises.

It rests on ``requests`` and on the value types of the core; ``docs/client.md`` shows how it is used.
"""

from service.client.client import SluiceClient
from service.client.errors import (
    ClientError,
    ConflictError,
    Flaw,
    ForbiddenError,
    InvalidError,
    MalformedError,
    NotFoundError,
    RedirectedError,
    RequestError,
    ServerError,
    StaleError,
    Told,
    TooLargeError,
    TooManyRequestsError,
    UnansweredError,
    UnauthenticatedError,
    UnavailableError,
    UnreadableError,
)
from service.client.given import (
    Condition,
    Filter,
    Form,
    Header,
    NewApplication,
    NewKey,
    NewMeeting,
    NewPaper,
    NewPerson,
    NewSeat,
    NewWaiver,
)
from service.client.retries import Retries

__all__ = [
    "ClientError",
    "Condition",
    "ConflictError",
    "Filter",
    "Flaw",
    "ForbiddenError",
    "Form",
    "Header",
    "InvalidError",
    "MalformedError",
    "NewApplication",
    "NewKey",
    "NewMeeting",
    "NewPaper",
    "NewPerson",
    "NewSeat",
    "NewWaiver",
    "NotFoundError",
    "RedirectedError",
    "RequestError",
    "Retries",
    "ServerError",
    "SluiceClient",
    "StaleError",
    "Told",
    "TooLargeError",
    "TooManyRequestsError",
    "UnansweredError",
    "UnauthenticatedError",
    "UnavailableError",
    "UnreadableError",
]
