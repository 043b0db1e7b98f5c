"""Log lines: one JSON object a line on stderr, with the request's id, and without anything that opens a door."""

import logging
import logging.config
import re
from typing import Any, Final

import structlog
from structlog.contextvars import merge_contextvars
from structlog.processors import JSONRenderer, TimeStamper, format_exc_info
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN: Final = "[hidden]"

_SECRET_NAMES = re.compile(r"password|secret|token|authorization|cookie|api_?key", re.IGNORECASE)
_SECRET_TEXTS: Final = (
    (re.compile(r"\b(slc_[a-z0-9]{8})_[^\s\"']+"), rf"\1_{HIDDEN}"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]*\.[\w-]*"), HIDDEN),
    (re.compile(r"\b(whsec)_[^\s\"']+"), rf"\1_{HIDDEN}"),
    (re.compile(r"([?&;][\w.-]*(?:password|secret|token|signature|key)=)[^&;\s\"']+", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"\b((?:set-)?cookie2?\s*:\s*)\S.*", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"\b(authorization\s*:\s*(?:\w+\s+)?)\S.*", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"\b(bearer|basic)\s+[^\s\"']+", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"(\w://[^\s/:@\"']*):[^\s/@\"']+@"), rf"\1:{HIDDEN}@"),
)

# What these say below a warning is of use only to whoever works on them.
# SQLAlchemy would show rows, secrets among them, were it not quiet by itself; urllib3 the paths of webhooks.
_QUIET: Final = {
    "alembic.runtime.plugins": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "urllib3": logging.INFO,
}


def configure(level: str) -> None:
    """Send every log line of this process, ours and the libraries', to stderr."""
    logging.config.dictConfig(config(level))
    structlog.configure(
        processors=[*_shared(), ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def config(level: str) -> dict[str, Any]:
    """Give the same as ``logging.config`` wants it, also for gunicorn's ``logconfig_dict``."""
    least = logging.getLevelNamesMapping()[level.upper()]
    quiet = {name: {"level": max(least, most)} for name, most in _QUIET.items()}
    passing_on: dict[str, Any] = {"handlers": [], "level": level.upper(), "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": _formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {"gunicorn.error": passing_on, "gunicorn.access": passing_on, **quiet},
    }


def hide(text: str) -> str:
    """Give a text without the secret part of any key, credential or password in it."""
    for pattern, instead in _SECRET_TEXTS:
        text = pattern.sub(instead, text)
    return text


def _formatter() -> logging.Formatter:
    return ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[ProcessorFormatter.remove_processors_meta, format_exc_info, _hide_secrets, _RENDER],
    )


def _shared() -> list[Processor]:
    return [
        merge_contextvars,
        add_log_level,
        add_logger_name,
        ExtraAdder(),
        TimeStamper(fmt="iso", utc=True, key="at"),
    ]


def _hide_secrets(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    return {str(name): _hidden(str(name), value) for name, value in line.items()}


def _hidden(name: str, value: object) -> object:
    if _SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, dict):
        return {str(inner): _hidden(str(inner), item) for inner, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden("", item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return hide(value if isinstance(value, str) else repr(value))


_RENDER: Final = JSONRenderer(ensure_ascii=False)
