"""Signing in to the pages: log-ins and passwords, attempts that are counted, sessions that end."""

from service.actions.sign_in.attempts import attempt, forgive
from service.actions.sign_in.logins import (
    NoLoginError,
    change_password,
    end_sessions,
    faults_of_login,
    find_by_login,
    forget,
    has_password,
    login_of,
    set_login,
    set_password,
)
from service.actions.sign_in.one_time import choose, give_one_time
from service.actions.sign_in.reasons import is_one_time
from service.actions.sign_in.sessions import (
    Session,
    choose_language,
    count_open,
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
    "NoLoginError",
    "Session",
    "Verified",
    "attempt",
    "change_password",
    "choose",
    "choose_language",
    "count_open",
    "end",
    "end_sessions",
    "enter",
    "faults_of_login",
    "find",
    "find_by_login",
    "forget",
    "forgive",
    "give_one_time",
    "has_password",
    "is_one_time",
    "is_stale",
    "login_of",
    "new_token",
    "renew",
    "set_login",
    "set_password",
    "touch",
    "verify",
]
