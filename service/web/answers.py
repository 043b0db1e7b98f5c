"""Answering one request: one unit of work around the deed, and the answer made before it ends."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from flask import Response, request

from service.actions import ledger
from service.actions.evidence import SentFile
from service.core.errors import Flaw, InvalidError, MalformedError, NotFoundError
from service.core.values import Json, read_json
from service.web import arriving, auth, headers, language, limiting, proven, repeats
from service.web.ahead import done_ahead
from service.web.endpoints import Body, Call, Deed, Endpoint, FileBody
from service.web.errors import MediaTypeError, PreconditionRequiredError
from service.web.forms import Form, Given
from service.web.problems import JSON_TYPE
from service.web.process import runtime
from service.web.uploads import Came, received
from service.web.views import Shown
from service.work import Identify, Work

_NOTHING: Given[object] = Given(None)


@dataclass(frozen=True, slots=True)
class _Received:
    """What came in, and what came of that was done ahead."""

    content: bytes | Came
    ready: object = None


class Later(Response):
    """An answer whose content is made when the work is committed, by ``pieces``."""

    def __init__(self, pieces: Callable[[], Iterator[bytes]], status: int, headers: Mapping[str, str]) -> None:
        """Take what makes the content."""
        super().__init__(status=status, headers=dict(headers))
        self.pieces = pieces


def answer(endpoint: Endpoint, deed: Deed, path: dict[str, object]) -> Response:
    """Do what was declared. The content is read off the wire before the transaction begins, the rest inside it.

    Refused in this order: nobody known, not granted, no or a broken version, a repetition that is none, content that
    cannot be read; then whatever the deed refuses.
    """
    identify = auth.identify(request.headers.get("Authorization"))
    if isinstance(endpoint.body, FileBody):
        with received(endpoint.body, identify, path, endpoint.permission, repeatable=endpoint.repeatable) as came:
            return _answered(endpoint, deed, path, identify, came)
    content = arriving.content() if endpoint.method != "GET" else b""
    return _answered(endpoint, deed, path, identify, content)


def _answered(
    endpoint: Endpoint, deed: Deed, path: dict[str, object], identify: Identify, content: bytes | Came
) -> Response:
    sent = request.headers
    expects = headers.version_read(sent.get("If-Match")) if endpoint.needs_version else None
    has_version = expects is not None or not endpoint.needs_version
    ready = _ahead(endpoint, path, identify, content) if has_version and endpoint.ahead is not None else None
    received = _Received(content, ready)
    dry = endpoint.rehearses and request.args.get("dry_run") == "true"
    with runtime().work(
        identify, request_id=headers.request_id(), expects=expects, dry=dry, read_only=endpoint.read_only
    ) as work:
        limiting.known()
        work.actor.require(endpoint.permission)
        if endpoint.needs_version and expects is None:
            raise PreconditionRequiredError
        if endpoint.proven:
            ledger.require_signer(work, runtime().signer)
        if endpoint.repeatable and repeats.HEADER in sent and not dry:
            same = content.content if isinstance(content, Came) else content
            response = repeats.answered_once(
                work, same, lambda: _done(endpoint, deed, path, work, received), endpoint.withholds
            )
        else:
            response = _done(endpoint, deed, path, work, received)
    if isinstance(response, Later):
        response.response = response.pieces()
    return proven.prove(response) if endpoint.proven else response


def _ahead(endpoint: Endpoint, path: dict[str, object], identify: Identify, content: bytes | Came) -> object:
    """Do what is done ahead, once it is known that the caller may do it at all, and has not done it before."""

    def look(work: Work) -> Callable[[], object] | None:
        limiting.known()
        work.actor.require(endpoint.permission)
        if endpoint.ahead is None or (endpoint.repeatable and repeats.is_answered(work)):
            return None
        return endpoint.ahead(work, _given(endpoint, content).value, **path)

    return done_ahead(identify, look)


def _done(endpoint: Endpoint, deed: Deed, path: dict[str, object], work: Work, received: _Received) -> Response:
    spoken, content = language.spoken(), received.content
    asked, given = _asked(endpoint), _given(endpoint, content)
    flaws = asked.flaws + given.flaws
    found = _found(deed, Call(work, given.value, spoken, asked.value, _file(content), received.ready), path, flaws)
    if flaws:
        raise InvalidError(flaws)
    response = _response(endpoint, endpoint.renders(found, spoken))
    if endpoint.proven:
        proven.name_entries(response, work)
    return response


def _found(deed: Deed, call: Call[object], path: dict[str, object], flaws: tuple[Flaw, ...]) -> object:
    """Do the deed. What is not found although the path names nothing was named by what is flawed."""
    try:
        return deed(call, **path)
    except InvalidError as error:
        if not flaws:
            raise
        raise InvalidError(flaws + _beyond(flaws, error.flaws)) from error
    except NotFoundError as error:
        if path or not flaws:
            raise
        raise InvalidError(flaws) from error


def _response(endpoint: Endpoint, shown: Shown) -> Response:
    tag = shown.headers.get("ETag")
    if tag is not None and endpoint.method == "GET" and request.if_none_match.contains_weak(tag.strip('"')):
        return Response(status=304, headers={"ETag": tag})
    sent = {name: value for name, value in shown.headers.items() if name in endpoint.answers_with}
    if shown.later is not None:
        return Later(shown.later, endpoint.status, sent)
    if shown.pieces is not None:
        return Response(shown.pieces, endpoint.status, sent)
    return headers.Answer(shown.body, endpoint.status, JSON_TYPE, sent)


def _file(content: bytes | Came) -> SentFile | None:
    return content.file if isinstance(content, Came) else None


def _given(endpoint: Endpoint, content: bytes | Came) -> Given[object]:
    if isinstance(content, Came):
        return content.given
    if endpoint.body is not None:
        return endpoint.body.read(_object(endpoint.body, content))
    return _NOTHING if endpoint.query is None else _query(endpoint.query)


def _asked(endpoint: Endpoint) -> Given[object]:
    """Read the query beside a body; one that is empty is none."""
    if endpoint.body is None or endpoint.query is None or not request.query_string:
        return _NOTHING
    return _query(endpoint.query)


def _object(body: Body, content: bytes) -> dict[str, Json]:
    if not content:
        if body.optional:
            return {}
        raise MalformedError(because="empty")
    if request.mimetype != JSON_TYPE:
        raise MediaTypeError(wanted=JSON_TYPE)
    found = read_json(content)
    if not isinstance(found, dict):
        raise MalformedError(because="object")
    return found


def _query(form: Form) -> Given[object]:
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError as error:
        raise MalformedError(because="query_encoding") from error
    for name, values in request.args.lists():
        if len(values) > 1:
            raise MalformedError(because="query_twice", key=name)
    return form.read(request.args.to_dict())


def _beyond(known: tuple[Flaw, ...], found: tuple[Flaw, ...]) -> tuple[Flaw, ...]:
    """Leave out what the action says about members the form has refused already, or whose parts it has."""
    refused = tuple(flaw.pointer for flaw in known)
    return tuple(flaw for flaw in found if not any(_is_about(flaw.pointer, pointer) for pointer in refused))


def _is_about(pointer: str, refused: str) -> bool:
    return pointer == refused or pointer.startswith(f"{refused}/") or refused.startswith(f"{pointer or None}/")
