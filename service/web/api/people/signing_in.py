"""The endpoints of signing in to the pages: log-ins, one-time passwords and sessions, for whoever manages people."""

from typing import Final
from uuid import UUID

from service.actions import people
from service.actions.people import AlreadyErasedError, SigningIn
from service.actions.sign_in import NoLoginError
from service.core.people import Permission
from service.web.api.people.endpoints import ONE, routes
from service.web.api.people.forms import Login, LoginForm
from service.web.api.people.views import IssuedPasswordView, SigningInView
from service.web.endpoints import Call, Endpoint, FormBody
from service.web.forms import Empty, Nothing
from service.web.views import Plain

_NOTHING: Final = FormBody(Empty(), optional=True)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{ONE}/sign-in",
        permission=Permission.MANAGE_PEOPLE,
        title=("查询登录情况", "Read how a person signs in"),
        renders=Plain(SigningInView()),
    )
)
def get_sign_in(call: Call[None], person_id: UUID) -> SigningIn:
    """Say under which name a person signs in to the pages, what password they have, and how many sessions are open."""
    return people.signing_in(call.work, person_id)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{ONE}/login",
        permission=Permission.MANAGE_PEOPLE,
        title=("设定登录名", "Set a person's log-in"),
        body=FormBody(LoginForm(), examples={"login": {"login": "li.ming"}}),
        renders=Plain(SigningInView()),
        repeatable=True,
        withholds=("login",),
        refuses=(AlreadyErasedError,),
    )
)
def set_login(call: Call[Login], person_id: UUID) -> SigningIn:
    """Let a person sign in under this name. The ledger has no more of it than a commitment."""
    return people.name_login(call.work, person_id, call.given.login)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{ONE}/password",
        permission=Permission.MANAGE_PEOPLE,
        title=("生成一次性密码", "Make a one-time password"),
        body=_NOTHING,
        renders=Plain(IssuedPasswordView()),
        repeatable=True,
        withholds=("login", "one_time_password"),
        refuses=(AlreadyErasedError, NoLoginError),
    )
)
def give_password(call: Call[Nothing], person_id: UUID) -> SigningIn:
    """Give a person a password that is in this answer and no other, and that they change before anything else.

    Their sessions end, and so does the password they had. It counts for seven days.
    """
    return people.give_password(call.work, person_id)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{ONE}/sessions/end",
        permission=Permission.MANAGE_PEOPLE,
        title=("结束全部登录", "End a person's sessions"),
        body=_NOTHING,
        renders=Plain(SigningInView()),
        repeatable=True,
        withholds=("login",),
        refuses=(AlreadyErasedError,),
    )
)
def end_sessions(call: Call[Nothing], person_id: UUID) -> SigningIn:
    """End every session a person has in a browser. Keys and access tokens are not sessions, and go on counting."""
    return people.end_sessions(call.work, person_id)
