"""Routes of the hot paths: the same declaration and description as others, little work per call.

FastAPI solves a route's dependencies on each request and checks its answer against a model. A
`HotRoute` is declared and documented like any other route, but is served as a plain Starlette
route: it validates the body or query, checks session and rate limit, and sends what the endpoint
returns as ready bytes (msgspec).
"""

from collections.abc import Callable
from http import HTTPStatus
from inspect import signature
from typing import Any, get_type_hints

import msgspec
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import request_response
from starlette.types import Receive, Scope, Send

from app.api.deps import client_address, limit_requests, session_token
from app.api.problems import MalformedBody
from app.core.clock import utcnow
from app.core.database import database
from app.core.errors import Unauthenticated
from app.domain.accounts import service as accounts

_GIVEN = {"account", "database", "now"}
_encode = msgspec.json.Encoder().encode


class HotRoute(APIRoute):
    """Use it as `APIRouter(route_class=HotRoute)`, for routes that need somebody signed in.

    An endpoint may take `account`, `database` and `now`, and one of `body` and `query`, a Pydantic
    model. It returns anything that msgspec encodes; `response_model` describes it in OpenAPI.
    Dependencies of the router or the application are not run: the rate limit is applied here,
    guards that are middleware apply as everywhere.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self._input = _input_model(endpoint)
        self._hot = request_response(self._serve)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; another method is answered as FastAPI does."""
        if scope["method"] in (self.methods or ()):
            await self._hot(scope, receive, send)
        else:
            await super().handle(scope, receive, send)

    async def _serve(self, request: Request) -> Response:
        given: dict[str, Any] = {"database": database(), "now": utcnow()}
        token = session_token(request)
        account = await accounts.find_account(**given, token=token) if token else None
        await limit_requests(account, await client_address(request))
        if account is None:
            raise Unauthenticated
        if self._input is not None:
            name, model = self._input
            given[name] = await _read(request, name, model)
        answer = await self.endpoint(account=account, **given)
        return Response(
            _encode(answer),
            status_code=self.status_code or HTTPStatus.OK,
            media_type="application/json",
        )


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
    try:
        if name == "query":
            return model.model_validate(dict(request.query_params))
        body = await request.body()
        if not body:
            raise RequestValidationError([{"type": "missing", "loc": ("body",)}])
        return model.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        if found[0]["type"] == "json_invalid":
            raise MalformedBody.of(body) from error
        raise RequestValidationError(
            [item | {"loc": (name, *item["loc"])} for item in found]
        ) from error
