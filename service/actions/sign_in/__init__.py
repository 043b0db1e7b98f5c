"""Signing in to the pages: log-ins and passwords, attempts that are counted, sessions that end."""

from service.actions.sign_in.attempts import attempt, forgive
from service.actions.sign_in.logins import (
    change_password,
    find_by_login,
    forget,
    has_password,
    login_of,
    set_login,
    set_password,
)
from service.actions.sign_in.sessions import (
    Session,
    choose_language,
    end,
    enter,
    find,
    is_stale,
    new_token,
    renew,
    touch,
)
from service.actions.sign_in.verifying import Verified, verify

__all__ = [
    "Session",
    "Verified",
    "attempt",
    "change_password",
    "choose_language",
    "end",
    "enter",
    "find",
    "find_by_login",
    "forget",
    "forgive",
    "has_password",
    "is_stale",
    "login_of",
    "new_token",
    "renew",
    "set_login",
    "set_password",
    "touch",
    "verify",
]
