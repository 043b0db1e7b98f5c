"""What a log-in and a password must be, how long a guesser waits, and when a session is over. Pure.

Passwords follow NIST SP 800-63B: long ones, any characters, no rule of composition, no expiry; what everybody tries
first is refused.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service.core.errors import ConflictError, Flaw, SluiceError

LEAST: Final = 12
MOST: Final = 256

# How long a password that was made for somebody waits to be changed by them.
ONE_TIME_LASTS: Final = timedelta(days=7)

# What stands between attempts once more than these have failed: a second, then twice as long each time.
FREE_WITH_LOGIN: Final = 5
FREE_FROM_ADDRESS: Final = 50
LONGEST_WAIT: Final = timedelta(minutes=15)

# How long an attempt counts after the last one.
REMEMBERED: Final = timedelta(hours=24)

# How far ``seen_at`` may lag, so that reading pages does not write each time.
LAG: Final = timedelta(minutes=1)

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}", re.ASCII)
_FEWEST_CHARACTERS = 5
_DOUBLINGS = 20
_RUNS: Final = ("0123456789" * 30, "abcdefghijklmnopqrstuvwxyz" * 12, "qwertyuiopasdfghjklzxcvbnm" * 12)

# The beginnings everybody tries: passwords made of one of these and digits or signs are no passwords.
_WORN: Final = frozenset(
    {
        *(
            "password",
            "passwort",
            "passw0rd",
            "p@ssword",
            "p@ssw0rd",
            "letmein",
            "welcome",
            "iloveyou",
            "administrator",
        ),
        *(
            "admin",
            "qwerty",
            "qwertyuiop",
            "qwertyuiopasdf",
            "zaq12wsx",
            "1qaz2wsx",
            "1qaz2wsx3edc",
            "1q2w3e4r",
            "1q2w3e4r5t",
        ),
        *("1q2w3e4r5t6y", "monkey", "dragon", "football", "baseball", "sunshine", "princess", "superman", "batman"),
        *("trustno", "changeme", "default", "secret", "abc", "abcd", "test", "testtest", "guest"),
        *("root", "master", "shadow", "woaini", "woaiwojia", "mima", "mimamima", "guanliyuan", "huanghe"),
        *(
            "dahe",
            "zhaoshang",
            "yuanqu",
            "kaifaqu",
            "sluice",
            "adminadmin",
            "passwordpassword",
            "qwertyqwerty",
            "welcomewelcome",
        ),
    }
)
_TRIMMED: Final = "0123456789!@#$%^&*()_-+=.,?~ "


class ThrottledError(SluiceError):
    """Too many attempts to sign in failed; no further one is looked at until some time has passed.

    Figures: ``retry_after`` (seconds).
    """

    code = "sign_in_throttled"


class OneTimeError(ConflictError):
    """A password that is to be changed before anything else lets nobody in."""

    code = "one_time_password"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session may lie idle, and how long it lasts at most."""

    idle: timedelta
    most: timedelta


def plain_login(text: str) -> str:
    """Write a log-in the way it is kept: in lower case, without spaces around it."""
    return text.strip().lower()


def login_flaws(pointer: str, login: str) -> tuple[Flaw, ...]:
    """Say what is wrong with a log-in, written plainly."""
    return () if _LOGIN.fullmatch(login) else (Flaw(pointer, "login_form"),)


def plain_password(text: str) -> str:
    """Write a password the way it is hashed, so that the same characters are the same however they are typed."""
    return unicodedata.normalize("NFKC", text)


def password_flaws(pointer: str, password: str, login: str | None) -> tuple[Flaw, ...]:
    """Say what is wrong with a password, written plainly, of somebody with a log-in."""
    if len(password) < LEAST:
        return (Flaw(pointer, "password_short", {"least": LEAST}),)
    if len(password) > MOST:
        return (Flaw(pointer, "password_long", {"most": MOST}),)
    return (Flaw(pointer, "password_worn"),) if _is_worn(password.lower(), login) else ()


def wait(count: int, free: int) -> timedelta:
    """Say how long after the last of so many failed attempts no further one is looked at."""
    if count < free:
        return timedelta()
    return min(timedelta(seconds=2 ** min(count - free, _DOUBLINGS)), LONGEST_WAIT)


def is_over(limits: Limits, created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session has ended by itself."""
    return now >= seen_at + limits.idle or now >= created_at + limits.most


def _is_worn(password: str, login: str | None) -> bool:
    core = password.strip(_TRIMMED)
    is_run = any(password in run or password[::-1] in run for run in _RUNS)
    names_login = login is not None and login in password and password.replace(login, "").strip(_TRIMMED) == ""
    return len(set(password)) < _FEWEST_CHARACTERS or is_run or names_login or core in _WORN
