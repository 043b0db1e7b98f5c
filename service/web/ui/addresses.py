"""Addresses of this host that a page may lead on to, and no others."""

from urllib.parse import quote, urlsplit

HOME = "/home"
SIGN_IN = "/sign-in"
FIRST_PASSWORD = f"{SIGN_IN}/first"

_LONGEST = 2_000


def local(text: str) -> str:
    """Give an address if it is one of this host, written as a path; otherwise that of the home page."""
    return text if _is_local(text) else HOME


def sign_in_address(then: str) -> str:
    """Give the address at which somebody signs in, to go on to another one."""
    return SIGN_IN if then in {"", HOME} or not _is_local(then) else f"{SIGN_IN}?next={quote(then)}"


def _is_local(text: str) -> bool:
    if not text.startswith("/") or text.startswith("//") or len(text) > _LONGEST:
        return False
    if "\\" in text or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc
