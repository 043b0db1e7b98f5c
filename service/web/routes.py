"""The one decorator through which every endpoint under ``/v1`` is declared."""

from collections.abc import Callable
from functools import wraps
from inspect import cleandoc
from typing import Any, TypeVar

from flask import Flask, Response
from flask_smorest import Blueprint  # type: ignore[import-untyped]  # the library has no types

from service.web import answers, openapi
from service.web.endpoints import Deed, Endpoint, OpenEndpoint

Function = TypeVar("Function", bound=Deed)

PREFIX = "/v1"

_NAME = "sluice_endpoints"


class Routes:
    """The endpoints of one noun. ``title`` says it in ``zh`` and ``en``."""

    def __init__(self, noun: str, title: tuple[str, str], prefix: str = PREFIX) -> None:
        """Start without endpoints."""
        self.endpoints: dict[str, Endpoint | OpenEndpoint] = {}
        self._views: dict[str, Deed] = {}
        self._noun = noun
        self._blueprint = Blueprint(noun, noun, url_prefix=prefix or None, description=" · ".join(title))

    def endpoint(self, declared: Endpoint) -> Callable[[Function], Function]:
        """Declare the decorated function an endpoint; it takes a ``Call`` and the parts of its path."""

        def register(deed: Function) -> Function:
            @wraps(deed)
            def view(**path: object) -> Response:
                return answers.answer(declared, deed, path)

            name = _name(deed)
            self._add(declared, name, openapi.operation(declared, name, _explained(deed)), view)
            return deed

        return register

    def open(self, declared: OpenEndpoint) -> Callable[[Function], Function]:
        """Declare the decorated function an endpoint that asks nobody who they are. It gives the response itself."""

        def register(view: Function) -> Function:
            name = _name(view)
            self._add(declared, name, openapi.open_operation(declared, name, _explained(view)), view)
            return view

        return register

    def _add(self, declared: Endpoint | OpenEndpoint, name: str, described: dict[str, Any], view: Deed) -> None:
        method = declared.method if isinstance(declared, Endpoint) else "GET"
        self._blueprint.add_url_rule(declared.path, name, self._blueprint.doc(**described)(view), methods=[method])
        self.endpoints[f"{self._noun}.{name}"] = declared
        self._views[f"{self._noun}.{name}"] = view

    def register(self, app: Flask) -> None:
        """Give the endpoints to an application; their documentation has no part in answering."""
        app.register_blueprint(self._blueprint)
        app.view_functions.update(self._views)
        app.extensions.setdefault(_NAME, {}).update(self.endpoints)


def declared(app: Flask) -> dict[str, Endpoint | OpenEndpoint]:
    """Give every declared endpoint of an application by its name."""
    found: dict[str, Endpoint | OpenEndpoint] = app.extensions[_NAME]
    return found


def _name(deed: Deed) -> str:
    return deed.__name__.rstrip("_")


def _explained(deed: Deed) -> str:
    return cleandoc(deed.__doc__ or "")
