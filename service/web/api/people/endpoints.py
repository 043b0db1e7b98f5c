"""The endpoints of people: adding them, reading them, changing their roles, erasing them; and who one is oneself."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from service.actions import people
from service.actions.applications import Page
from service.actions.people import AlreadyErasedError, Known, Me, OwnRolesError, Query
from service.core.people import Permission
from service.web.api.people.forms import NewPerson, NewPersonForm, NewRoles, NewRolesForm, PeopleQueryForm
from service.web.api.people.views import MeView, PersonView
from service.web.endpoints import Call, Endpoint, FormBody
from service.web.forms import Empty, Nothing
from service.web.routes import PREFIX, Routes
from service.web.views import Paged, Plain, Versioned

ALL: Final = "/people"
ONE: Final = f"{ALL}/<uuid:person_id>"
_NEW: Final[Mapping[str, object]] = {
    "person": {"name": "李明", "roles": ["reviewer"], "department": "生态环境"},
}
_ROLES: Final[Mapping[str, object]] = {"roles": {"roles": ["member"]}}
_PERSON: Final = Versioned(PersonView(), PREFIX + ALL)

routes = Routes("people", ("人员与密钥", "People and keys"))


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/me",
        permission=Permission.READ_ONESELF,
        title=("本人", "Who you are"),
        renders=Plain(MeView()),
    )
)
def get_me(call: Call[None]) -> Me:
    """Say who you are to the service, and what you may do with what you showed. Any key may ask."""
    return people.me(call.work)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=ALL,
        permission=Permission.MANAGE_PEOPLE,
        title=("新增人员", "Add a person"),
        body=FormBody(NewPersonForm(), examples=_NEW),
        renders=_PERSON,
        status=201,
        repeatable=True,
        withholds=("name",),
    )
)
def add_person(call: Call[NewPerson]) -> Known:
    """Add a person with their roles. The ledger has no more of the name than a commitment."""
    new = call.given
    return people.get(call.work, people.add(call.work, new.name, new.roles, new.department).id)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=ALL,
        permission=Permission.MANAGE_PEOPLE,
        title=("查询人员", "Find people"),
        query=PeopleQueryForm(),
        renders=Paged(PersonView()),
    )
)
def find_people(call: Call[Query]) -> Page[Known]:
    """List people, the latest first, a page at a time."""
    return people.page(call.work, call.given)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=ONE,
        permission=Permission.MANAGE_PEOPLE,
        title=("读取人员", "Read a person"),
        renders=_PERSON,
    )
)
def get_person(call: Call[None], person_id: UUID) -> Known:
    """Read a person and their roles."""
    return people.get(call.work, person_id)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{ONE}/roles",
        permission=Permission.MANAGE_PEOPLE,
        title=("变更角色", "Change a person's roles"),
        body=FormBody(NewRolesForm(), examples=_ROLES),
        renders=_PERSON,
        needs_version=True,
        repeatable=True,
        withholds=("name",),
        refuses=(OwnRolesError, AlreadyErasedError),
    )
)
def set_roles(call: Call[NewRoles], person_id: UUID) -> Known:
    """Let a person hold these roles and no others, from the next request on. Nobody changes their own."""
    return people.set_roles(call.work, person_id, call.given.roles)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{ONE}/erase",
        permission=Permission.MANAGE_PEOPLE,
        title=("删除个人信息", "Erase a person"),
        body=FormBody(Empty(), optional=True),
        renders=_PERSON,
        needs_version=True,
        repeatable=True,
        withholds=("name",),
        refuses=(AlreadyErasedError,),
    )
)
def erase_person(call: Call[Nothing], person_id: UUID) -> Known:
    """Erase what names a person and revoke their keys, for good. What they did stays, and so does every proof."""
    return people.get(call.work, people.erase(call.work, person_id).id)
