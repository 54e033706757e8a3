"""How routes of the API take JSON: strictly, so that "5", 5.0 or "yes" stand for nothing else."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.params import Form
from fastapi.routing import APIRoute, _effective_route_context_var, iter_route_contexts
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from app.http.problems import MalformedBody

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_REFUSED = 0  # what no body model takes


class JSONRoute(APIRoute):
    """A route of the API: its body is JSON, and nothing in it is taken for another type.

    Texts stand for UUIDs, days and times, which JSON has not. Use it as
    `APIRouter(route_class=JSONRoute)`.
    """

    def get_route_handler(self) -> Handler:
        """Return what answers a request; FastAPI asks for it at each inclusion."""
        ordinary = super().get_route_handler()
        if self.body_field is None or isinstance(self.body_field.field_info, Form):
            return ordinary
        adapter: TypeAdapter[Any] = TypeAdapter(self.body_field.field_info.annotation or object)

        async def handle(request: Request) -> Response:
            reading = _StrictRequest(request, adapter)
            try:
                return await ordinary(reading)
            except RequestValidationError as error:
                if reading.refusal is None:
                    raise
                others = [found for found in error.errors() if found["loc"][0] != "body"]
                raise refusal_of(reading.refusal, await reading.body(), others) from error

        return handle

    def dependant_here(self) -> Dependant:
        """Return what the route depends on where it is being included, outer routers included."""
        return (_effective_route_context_var.get() or self).dependant


def methods_of(routes: Sequence[BaseRoute], path: str) -> list[str]:
    """Return every method that an address takes, whichever routes share it."""
    found: set[str] = set()
    for route in iter_route_contexts(routes):
        if route.path_regex.match(path):
            found |= set(route.methods or {"GET"})  # what is mounted are files
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


class _StrictRequest(Request):
    """A request whose JSON is validated at once; FastAPI takes the model that comes of it.

    A refusal waits until FastAPI has run the dependencies: who may not come in hears nothing else.
    """

    def __init__(self, request: Request, adapter: TypeAdapter[Any]) -> None:
        super().__init__(request.scope, request.receive)
        self._adapter = adapter
        self.refusal: ValidationError | None = None

    async def json(self) -> Any:
        """Return the body's model, or something that no model takes."""
        try:
            return self._adapter.validate_json(await self.body(), strict=True)
        except ValidationError as error:
            self.refusal = error
            return _REFUSED


def refusal_of(
    error: ValidationError, body: bytes, others: list[Any] | None = None, place: str = "body"
) -> Exception:
    """Return what is answered to input that Pydantic refused, as FastAPI would say it."""
    found = error.errors(include_url=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        return MalformedBody.of(body)
    return RequestValidationError(
        [*(others or []), *(item | {"loc": (place, *item["loc"])} for item in found)]
    )
