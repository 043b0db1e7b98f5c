"""Errors as problem details (RFC 9457): the one place where a kind of error becomes a status and a sentence."""

from collections.abc import Iterator, Mapping
from datetime import date
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, cast

from flask import Response, current_app, request
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from service.actions.ledger import LedgerBehindError
from service.blobs import StoreUnavailableError
from service.core.errors import (
    ConflictError,
    Flaw,
    ForbiddenError,
    InvalidError,
    MalformedError,
    NotFoundError,
    SluiceError,
    StaleError,
    TooLargeError,
    UnauthenticatedError,
)
from service.core.rules.model import Words
from service.core.sign_in import ThrottledError
from service.core.values import Json, write_json
from service.signing import SignerRefusesError
from service.web import language
from service.web.errors import (
    AddressTooLongError,
    HeadersTooLargeError,
    MediaTypeError,
    MethodNotAllowedError,
    NotAcceptableError,
    NotReadyError,
    PreconditionRequiredError,
    TooManyError,
)
from service.web.headers import request_id
from service.words import problems as words

MEDIA_TYPE: Final = "application/problem+json"
JSON_TYPE: Final = "application/json"
PATH: Final = "/problems/"

# Members every problem has; a figure of an error never takes the place of one.
MEMBERS: Final = ("type", "title", "status", "detail", "code", "request_id", "flaws")

_STATUS: Mapping[type[SluiceError], HTTPStatus] = MappingProxyType(
    {
        MalformedError: HTTPStatus.BAD_REQUEST,
        UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
        ForbiddenError: HTTPStatus.FORBIDDEN,
        NotFoundError: HTTPStatus.NOT_FOUND,
        MethodNotAllowedError: HTTPStatus.METHOD_NOT_ALLOWED,
        NotAcceptableError: HTTPStatus.NOT_ACCEPTABLE,
        ConflictError: HTTPStatus.CONFLICT,
        StaleError: HTTPStatus.PRECONDITION_FAILED,
        TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        AddressTooLongError: HTTPStatus.REQUEST_URI_TOO_LONG,
        MediaTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        InvalidError: HTTPStatus.UNPROCESSABLE_ENTITY,
        PreconditionRequiredError: HTTPStatus.PRECONDITION_REQUIRED,
        ThrottledError: HTTPStatus.TOO_MANY_REQUESTS,
        TooManyError: HTTPStatus.TOO_MANY_REQUESTS,
        HeadersTooLargeError: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        NotReadyError: HTTPStatus.SERVICE_UNAVAILABLE,
        StoreUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
        LedgerBehindError: HTTPStatus.SERVICE_UNAVAILABLE,
        SignerRefusesError: HTTPStatus.SERVICE_UNAVAILABLE,
        SluiceError: HTTPStatus.INTERNAL_SERVER_ERROR,
    }
)

# Where in a text a flaw is, if it is in one.
_PLACE: Final = ("line", "column")
_CHALLENGE = 'Bearer realm="sluice"'


def status(kind: type[SluiceError]) -> HTTPStatus:
    """Give the status of a kind of error: that of its nearest ancestor in the table."""
    return next(_STATUS[ancestor] for ancestor in kind.__mro__ if ancestor in _STATUS)


def kinds() -> Iterator[type[SluiceError]]:
    """Go through every kind of error with a code of its own that is known to this process, by status and code."""
    found = {kind.code: kind for kind in reversed(list(every()))}
    return iter(sorted(found.values(), key=lambda kind: (status(kind), kind.code)))


def every() -> Iterator[type[SluiceError]]:
    """Go through every kind of error known to this process, each after the one it is a kind of."""
    return _descendants(SluiceError)


def problem(error: SluiceError, spoken: str) -> dict[str, Json]:
    """Describe an error in ``zh`` or ``en``, without the request it happened in."""
    told: dict[str, Json] = {
        "type": f"{PATH}{error.code}",
        "title": words.title(spoken, error.code),
        "status": cast("Json", int(status(type(error)))),
        "detail": words.detail(spoken, error),
        "code": error.code,
    }
    told |= {name: _plain(figure, spoken) for name, figure in error.figures.items() if name not in MEMBERS}
    if isinstance(error, InvalidError):
        told["flaws"] = [_flaw(flaw, spoken) for flaw in error.flaws]
    return told


def answer(error: SluiceError) -> Response:
    """Answer the request with an error."""
    spoken = language.spoken()
    told = problem(error, spoken) | {"request_id": request_id()}
    response = Response(write_json(told), status(type(error)), mimetype=MEDIA_TYPE)
    response.headers["Content-Language"] = spoken
    for name, value in _headers(error):
        response.headers[name] = value
    return response


def answer_unexpected(error: Exception) -> Response:
    """Answer with nothing but the request's id, and write the error to the log under it."""
    current_app.logger.error("unexpected error", exc_info=error, extra={"request_id": request_id()})
    return answer(SluiceError())


def of_http(error: HTTPException) -> SluiceError | None:
    """Give our kind for an error of the HTTP library; None for one that is an answer of its own (a redirect)."""
    if isinstance(error, MethodNotAllowed):
        return MethodNotAllowedError(allowed=tuple(sorted(error.valid_methods or ())))
    if isinstance(error, RequestEntityTooLarge):
        return TooLargeError(most=request.max_content_length)
    if isinstance(error, NotFound):
        return NotFoundError(kind="path")
    if isinstance(error, UnsupportedMediaType):
        return MediaTypeError(wanted=JSON_TYPE)
    return MalformedError() if isinstance(error, BadRequest) else None


def _headers(error: SluiceError) -> Iterator[tuple[str, str]]:
    if isinstance(error, UnauthenticatedError):
        shown = ', error="invalid_token"' if "Authorization" in request.headers else ""
        yield "WWW-Authenticate", _CHALLENGE + shown
    if isinstance(error, MethodNotAllowedError):
        yield "Allow", ", ".join(cast("tuple[str, ...]", error.figures["allowed"]))
    if "retry_after" in error.figures:
        yield "Retry-After", str(error.figures["retry_after"])


def _flaw(flaw: Flaw, spoken: str) -> Json:
    told: dict[str, Json] = {"pointer": flaw.pointer, "code": flaw.code, "because": words.because(spoken, flaw)}
    told |= {} if flaw.cell is None else {"cell": flaw.cell}
    return told | {name: cast("Json", flaw.figures[name]) for name in _PLACE if name in flaw.figures}


def _plain(figure: object, spoken: str) -> Json:
    if isinstance(figure, tuple | list):
        return [_plain(item, spoken) for item in figure]
    if isinstance(figure, Words):
        return figure.zh if spoken == "zh" else figure.en
    return figure.isoformat() if isinstance(figure, date) else cast("Json", figure)


def _descendants(kind: type[SluiceError]) -> Iterator[type[SluiceError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _descendants(child)
