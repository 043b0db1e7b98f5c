"""What only HTTP can get wrong: kinds of the edge, with the codes of the others."""

from service.core.errors import MalformedError, SluiceError


class MethodNotAllowedError(SluiceError):
    """The address does not answer to this method. Figures: ``allowed`` (method names)."""

    code = "method_not_allowed"


class NotAcceptableError(SluiceError):
    """None of the forms that are offered is one the caller takes. Figures: ``offered`` (media types)."""

    code = "not_acceptable"


class MediaTypeError(SluiceError):
    """Content of another type than the one taken. Figures: ``wanted``."""

    code = "unsupported_media_type"


class AddressTooLongError(SluiceError):
    """An address that is longer than the server reads. Figures: ``most`` (bytes)."""

    code = "address_too_long"


class HeadersTooLargeError(SluiceError):
    """More headers, or a longer one, than the server reads. Figures: ``count`` (headers), ``most`` (bytes)."""

    code = "headers_too_large"


class TooManyError(SluiceError):
    """More requests than may be sent in a minute. Figures: ``retry_after``, ``most``."""

    code = "too_many_requests"


class PreconditionRequiredError(SluiceError):
    """A change to an existing thing that does not say which version was read."""

    code = "precondition_required"


class NotReadyError(SluiceError):
    """The service cannot work at present. Figures: ``check``, the first thing that is not as it must be."""

    code = "not_ready"


class BadHeaderError(MalformedError):
    """A header that cannot be read. Figures: ``because`` names it."""
