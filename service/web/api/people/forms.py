"""What callers say of people, keys and identities."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final

from marshmallow import fields

from service.actions.people import LONGEST_OVERLAP, NewIdentity, NewKey, Query, Rotation
from service.actions.people.identities import LONGEST_ISSUER, LONGEST_SUBJECT
from service.actions.people.keys import LONGEST_LABEL
from service.core.cases.headers import LONGEST_NAME
from service.core.cases.opinions import LONGEST_DEPARTMENT
from service.core.errors import Flaw
from service.core.people import Role, Scope
from service.web.forms import Choice, Form, Listing, Moment, Switch, Text, WholeNumber
from service.web.paged import Cursor, PageLimit
from service.web.texts import exact, line, sought

_MOST_DIGITS: Final = 9
# Capitals count as small letters.
_LOGIN: Final = "^[A-Za-z0-9][A-Za-z0-9._-]{1,59}$"


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


def _told_of_null() -> dict[str, Any]:
    return {"null": [Flaw("", "member_type", {"type": "integer"})]}


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who somebody is, and what they are to the service."""

    name: str
    roles: tuple[Role, ...]
    department: str | None = None


@dataclass(frozen=True, slots=True)
class NewRoles:
    """What a person is to the service from now on."""

    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Login:
    """Under which name somebody signs in."""

    login: str


class Hours(WholeNumber):
    """A whole number of hours in a body: a number, and no text that looks like one."""

    default_error_messages = _told_of_null()

    def _deserialize(self, value: object, attr: str | None, data: object, **options: object) -> int:
        if not isinstance(value, Decimal) or value.adjusted() > _MOST_DIGITS or value != value.to_integral_value():
            raise self.make_error("invalid")
        return super()._deserialize(int(value), attr, data, **options)


def _roles() -> Listing:
    role = Choice(Role, "角色 · role")
    others = [role.value for role in Role if role is not Role.ADMIN]
    alone = {"anyOf": [{"items": {"enum": others}}, {"items": {"const": Role.ADMIN.value}}], "minItems": 1}
    return Listing(
        role, required=True, metadata=_said("角色，admin 不得兼任其他角色 · roles; admin stands alone") | alone
    )


class NewPersonForm(Form):
    """Somebody to be added."""

    makes = NewPerson
    neutral: ClassVar[Mapping[str, object]] = {"name": "", "roles": ()}

    name = Text(required=True, metadata=line(f"姓名 · name, 1 to {LONGEST_NAME} characters", LONGEST_NAME))
    roles = _roles()
    department = Text(
        allow_none=True, metadata=line("所属部门 · the department a reviewer speaks for", LONGEST_DEPARTMENT)
    )


class NewRolesForm(Form):
    """All the roles a person is to hold."""

    makes = NewRoles
    neutral: ClassVar[Mapping[str, object]] = {"roles": ()}

    roles = _roles()


class LoginForm(Form):
    """Under which name somebody signs in to the pages."""

    makes = Login
    neutral: ClassVar[Mapping[str, object]] = {"login": ""}

    login = Text(
        required=True,
        metadata=_said("登录名，小写字母、数字和 . _ - · small letters, digits and . _ -") | {"pattern": _LOGIN},
    )


class PeopleQueryForm(Form):
    """Which page of the people."""

    makes = Query

    role = Choice(Role, "角色 · role")
    text = Text(metadata=sought("姓名、部门或登录名中的文字 · part of the name, the department or the log-in"))
    erased = Switch(
        metadata={
            "type": "boolean",
            "description": "true：仅已删除个人信息的；false：仅未删除的 · only those erased, or not",
        }
    )
    cursor = Cursor()
    limit = PageLimit()


class NewKeyForm(Form):
    """What a key is for."""

    makes = NewKey

    label = Text(allow_none=True, metadata=line("名称，便于辨认 · what it is called, to tell it by", LONGEST_LABEL))
    scopes = Listing(
        Choice(Scope, "范围 · scope"),
        allow_none=True,
        metadata=_said("范围；不填则为本人全部权限 · what it may be used for; without it, all that the person may do")
        | {"minItems": 1},
    )
    expires_at = Moment(allow_none=True, metadata=_said("到期时间，至多 365 天 · when it ends, at most 365 days ahead"))


class RotationForm(Form):
    """How long the old key goes on counting."""

    makes = Rotation

    overlap_hours: fields.Field[int] = Hours(
        metadata=_said("旧密钥继续有效的小时数 · hours the old key goes on counting, 0 to 168, held is 24")
        | {"maximum": LONGEST_OVERLAP // timedelta(hours=1)}
    )


class NewIdentityForm(Form):
    """What an identity server calls somebody."""

    makes = NewIdentity
    neutral: ClassVar[Mapping[str, object]] = {"subject": ""}

    subject = Text(required=True, metadata=exact("令牌中的 sub · the claim sub of their tokens", LONGEST_SUBJECT))
    issuer = Text(
        allow_none=True,
        metadata=exact("令牌中的 iss · the claim iss; held is the one in the settings", LONGEST_ISSUER, 0),
    )
