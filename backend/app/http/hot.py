"""Routes of the hot paths: the same declaration and description as others, little work per call.

FastAPI solves a route's dependencies on each request and checks its answer against a model. A
`HotRoute` is declared and documented like any other route, but where nothing else is asked of it
than what it can do itself, it takes a short cut: it checks the session and the rate limit,
validates the body or query, and sends what the endpoint returns as ready bytes (msgspec).
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from inspect import signature
from typing import Any, get_type_hints

import msgspec
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from app.core.clock import utcnow
from app.core.database import database
from app.core.errors import Unauthenticated
from app.core.work import Work
from app.domain.accounts import sessions
from app.http.deps import (
    client_address,
    current_account,
    current_time,
    current_work,
    limit_requests,
    session_token,
)
from app.http.routing import Handler, JSONRoute, refusal_of

_GIVEN = {"account", "work", "now"}
_DONE_HERE = {current_account, current_time, current_work, limit_requests}
_encode = msgspec.json.Encoder().encode


class HotRoute(JSONRoute):
    """Use it as `APIRouter(route_class=HotRoute)`, for routes that need somebody signed in.

    An endpoint may take `account`, `work` and `now`, and one of `body` and `query`, a Pydantic
    model. It returns anything that msgspec encodes; `response_model` describes it in OpenAPI. With
    any further dependency, of the endpoint, the route or a router around it, FastAPI serves the
    route and runs them all: a guard is never dropped, it only costs the short cut.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _answering_bytes(endpoint, options.get("status_code")), **options)

    def get_route_handler(self) -> Handler:
        """Return the short cut where it does all that is asked, else FastAPI's way."""
        needed = {dependency.call for dependency in self.dependant_here().dependencies}
        if not needed <= _DONE_HERE:
            return super().get_route_handler()
        endpoint, is_limited = self.endpoint, limit_requests in needed
        taken = _input_model(endpoint)

        async def serve(request: Request) -> Response:
            async with Work(database()) as work:
                given: dict[str, Any] = {"work": work, "now": utcnow()}
                token = session_token(request)
                account = await sessions.find_account(**given, token=token) if token else None
                if is_limited:
                    await limit_requests(account, await client_address(request))
                if account is None:
                    raise Unauthenticated
                if taken is not None:
                    name, model = taken
                    given[name] = await _read(request, name, model)
                answer: Response = await endpoint(account=account, **given)
                return answer

        return serve


def _answering_bytes(endpoint: Callable[..., Any], status: int | None) -> Callable[..., Any]:
    """Return `endpoint` with its answer encoded; FastAPI sends such an answer as it is."""
    _input_model(endpoint)

    @wraps(endpoint)
    async def answer(**given: Any) -> Response:
        content = _encode(await endpoint(**given))
        return Response(content, status or HTTPStatus.OK, media_type="application/json")

    return answer


def _input_model(endpoint: Callable[..., Any]) -> tuple[str, type[BaseModel]] | None:
    """Return the name and model of an endpoint's `body` or `query`, if it has one."""
    hints = get_type_hints(endpoint)
    names = signature(endpoint).parameters
    inputs = [name for name in names if name not in _GIVEN]
    assert set(inputs) <= {"body", "query"}, f"{endpoint.__name__}: HotRoute knows no {inputs}"
    assert len(inputs) <= 1, f"{endpoint.__name__}: HotRoute reads the body or the query"
    assert names.keys() >= _GIVEN, f"{endpoint.__name__} must take {sorted(_GIVEN)}"
    return (inputs[0], hints[inputs[0]]) if inputs else None


async def _read(request: Request, name: str, model: type[BaseModel]) -> BaseModel:
    """Return the validated body or query; raise what FastAPI raises when it is not valid."""
    body = b""
    try:
        if name == "query":
            return model.model_validate(dict(request.query_params))
        body = await request.body()
        if not body:
            raise RequestValidationError([{"type": "missing", "loc": ("body",)}])
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise refusal_of(error, body, place=name) from error
