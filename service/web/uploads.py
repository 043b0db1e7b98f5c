"""Files on their way in: who may not send one is told before it is received, and none is ever in memory whole."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from flask import request
from marshmallow import fields as marshmallow
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser

from service.actions.evidence import SentFile
from service.blobs import Blobs, Receiving
from service.core.errors import Flaw, MalformedError
from service.core.people import Permission
from service.core.values import Json, write_json
from service.web import headers, repeats
from service.web.arriving import Arriving
from service.web.endpoints import FileBody
from service.web.errors import MediaTypeError
from service.web.forms import Form, Given
from service.web.process import runtime
from service.work import Identify

MULTIPART: Final = "multipart/form-data"
FILE: Final = "file"

# What the fields beside a file may take, and how many parts there may be. A piece of the file as it is read, and what
# is left of the one before it, must fit in the same.
_FIELDS_BYTES = 262_144
_MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Came:
    """What came in: the fields beside the file, what the form made of them, with every flaw, and the file."""

    fields: Mapping[str, Json]
    given: Given[object]
    file: SentFile | None

    @property
    def content(self) -> bytes:
        """What makes it the same when it comes again: the fields and the file's hash, not how they were sent."""
        file = self.file
        sent = None if file is None else [file.name, file.media_type, file.content.finish().sha256]
        return write_json({"fields": dict(sorted(self.fields.items())), "file": cast("Json", sent)}).encode()


class _Nowhere:
    """Takes what nobody asked for."""

    def write(self, data: bytes, /) -> int:
        return len(data)

    def seek(self, position: int, /) -> None:
        """Stay."""


@contextmanager
def received(
    body: FileBody, identify: Identify, path: Mapping[str, object], permission: Permission, *, repeatable: bool = False
) -> Iterator[Came]:
    """Receive a file and the fields beside it, once it is known that the caller may send it.

    Raises what ``admits`` refuses, ``MediaTypeError``, ``TooLargeError``, ``MalformedError``,
    ``StoreUnavailableError``. What the deed does not keep is gone at the end. A request that is ``repeatable`` and was
    answered before is answered again, whatever holds now.
    """
    with runtime().work(identify, request_id=headers.request_id(), read_only=True) as work:
        work.actor.require(permission)
        if not (repeatable and repeats.is_answered(work)):
            body.admits(work, **path)
    if request.mimetype != MULTIPART:
        raise MediaTypeError(wanted=MULTIPART)
    settings = runtime().settings
    most = min(body.most_bytes or settings.evidence_max_bytes, settings.evidence_max_bytes)
    request.max_content_length = most + _FIELDS_BYTES
    with Blobs(Path(settings.evidence_folder)).receiving(most) as coming:
        fields, files = _parsed(coming)
        yield _came(body.form, fields, files, coming)


def _parsed(coming: Receiving) -> tuple[MultiDict[str, str], MultiDict[str, FileStorage]]:
    targets = iter([coming])
    parser = FormDataParser(
        stream_factory=cast("Any", lambda **_: next(targets, _Nowhere())),
        max_form_memory_size=_FIELDS_BYTES,
        max_form_parts=_MOST_PARTS,
        silent=False,
    )
    try:
        _, fields, files = parser.parse(
            cast("Any", Arriving(request.stream)),
            request.mimetype,
            request.content_length,
            dict(request.mimetype_params),
        )
    except (ValueError, BadRequest) as error:
        raise MalformedError(because="multipart") from error
    return fields, files


def _came(form: Form, fields: MultiDict[str, str], files: MultiDict[str, FileStorage], coming: Receiving) -> Came:
    """Sort the parts. A field without text is not given; only what the form has as a list may come more than once."""
    raw: dict[str, Json] = {}
    flaws = list(_file_flaws(fields, files))
    for name in fields:
        values = [value for value in fields.getlist(name) if value.strip()]
        if isinstance(form.fields.get(name), marshmallow.List):
            raw[name] = list(values)
        elif len(values) > 1:
            flaws.append(_flaw(name, "member_twice"))
        elif values and name != FILE:
            raw[name] = values[0]
    sent = files.get(FILE)
    file = None if sent is None else SentFile(sent.filename or "", sent.mimetype, coming)
    given = form.read(raw)
    return Came(raw, Given(given.value, (*flaws, *given.flaws)), file)


def _file_flaws(fields: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> Iterator[Flaw]:
    for name in files:
        if name != FILE:
            yield _flaw(name, "member_unknown")
    if FILE in fields:
        yield _flaw(FILE, "file_part")
    if len(list(files.items(multi=True))) > 1:
        yield _flaw(FILE, "file_twice")


def _flaw(name: str, code: str) -> Flaw:
    return Flaw("/" + name.replace("~", "~0").replace("/", "~1"), code, {"found": name})
