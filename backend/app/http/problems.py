"""Errors as RFC 9457 problem details, and the translation of any exception into a DomainError."""

import errno
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar, Self

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.core.database_errors import is_behind, is_unavailable
from app.core.errors import Behind, DomainError, InvalidInput, NotFound, Unavailable
from app.http.findings import as_sentence, describe_finding
from app.models.user import UI_LANGUAGES

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One refused value: `pointer` (RFC 6901, into the body) or `parameter` says which."""

    detail: str = Field(examples=["This must have at least 8 characters."])
    pointer: str | None = Field(None, examples=["#/password"])
    parameter: str | None = Field(None, examples=["limit"])


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it; `code` is stable and meant for programs."""

    type: str = Field("about:blank", examples=["about:blank"])
    title: str = Field(examples=["Unprocessable Entity"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["A value is not valid."])
    instance: str = Field(examples=["/api/v1/accounts"])
    code: str = Field(examples=["invalid_input"])
    request_id: str | None = Field(None, examples=["0199c1f2a1b27c3e8d4f5a6b7c8d9e0f"])
    errors: list[FieldProblem] | None = None


class InvalidRequest(InvalidInput):
    """The request does not have the documented shape; `findings` are Pydantic's, every place."""

    def __init__(self, findings: Sequence[dict[str, Any]]) -> None:
        super().__init__()
        self.findings = findings


class MalformedBody(DomainError):
    """The body is not JSON."""

    code = "malformed_body"
    status = 400
    message = "The body is not valid JSON."
    message_id = "Isi permintaan bukan JSON yang valid."

    @classmethod
    def because(cls, error: BaseException | None) -> Self:
        """Return the failure that `json.loads` reported with `error`, with the place if known."""
        if isinstance(error, json.JSONDecodeError):
            place = error.lineno, error.colno
            return cls(
                "The body is not valid JSON: see line {}, column {}.".format(*place),
                "Isi permintaan bukan JSON yang valid: lihat baris {}, kolom {}.".format(*place),
                field="",
            )
        if isinstance(error, UnicodeDecodeError):
            return cls("The body is not UTF-8.", "Isi permintaan bukan UTF-8.", field="")
        if isinstance(error, RecursionError):
            return cls(
                "The body is nested too deeply.",
                "Isi permintaan bersarang terlalu dalam.",
                field="",
            )
        return cls(field="")

    @classmethod
    def of(cls, body: bytes) -> Self:
        """Return the failure to read `body`, which a parser has refused."""
        try:
            json.loads(body)
        except (ValueError, RecursionError) as error:
            return cls.because(error)
        return cls.because(None)


class HTTPError(DomainError):
    """A failure that the HTTP layer found: 405, 413, 415 and the like."""

    _TEXTS: ClassVar[dict[int, tuple[str, str]]] = {
        405: (
            "This address does not take this method; the header Allow names those it takes.",
            "Alamat ini tidak menerima metode ini; lihat header Allow.",
        ),
        413: (
            "The body is too large: at most one mebibyte is taken, four of a recording.",
            "Isi permintaan terlalu besar: maksimal satu mebibita, rekaman empat.",
        ),
        415: (
            "The body must be JSON, sent with “Content-Type: application/json”.",
            "Isi permintaan harus JSON, dikirim dengan “Content-Type: application/json”.",
        ),
    }

    def __init__(self, error: HTTPException) -> None:
        phrase = HTTPStatus(error.status_code).phrase
        super().__init__(*self._TEXTS.get(error.status_code, (f"{phrase}.", f"{phrase}.")))
        self.status = int(error.status_code)  # the log shows the number
        self.code = phrase.lower().replace(" ", "_").replace("'", "")
        self.headers = error.headers


class InternalError(DomainError):
    """A fault of ours. What it was is in the log, under the request id."""

    code = "internal_error"
    status = 500
    message = "Something went wrong on our side. It has been recorded."
    message_id = "Ada yang salah di pihak kami. Kesalahan ini sudah dicatat."


def as_domain_error(error: Exception) -> DomainError:
    """Return `error` as people may see it; an unexpected one becomes InternalError."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, RequestValidationError):
        return _as_refused_request(error)
    if isinstance(error, HTTPException):
        return _as_http_error(error)
    if is_behind(error):
        return Behind()
    return Unavailable() if is_unavailable(error) or _is_full(error) else InternalError()


def _as_http_error(error: HTTPException) -> DomainError:
    if _is_full(error.__cause__):
        return Unavailable()
    if isinstance(error.__cause__, ValueError | RecursionError):
        return MalformedBody.because(error.__cause__)  # FastAPI could not read the body
    return NotFound() if error.status_code == HTTPStatus.NOT_FOUND else HTTPError(error)


def _is_full(error: BaseException | None) -> bool:
    """Return whether a file of ours found no room, such as that of a large body."""
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


def _as_refused_request(error: RequestValidationError) -> DomainError:
    findings = error.errors()
    if findings[0]["type"] == "json_invalid":
        return MalformedBody.because(error.__cause__)
    return InvalidRequest(findings)


def _field_problem(item: dict[str, Any], language: str) -> FieldProblem:
    """Return one finding of Pydantic, about the body or a parameter."""
    place, *path = [str(part) for part in item["loc"]]
    detail = describe_finding(item, language)
    if place != "body":
        return FieldProblem(detail=detail, parameter=".".join(path))
    return FieldProblem(detail=detail, pointer=_pointer(path))


def _pointer(path: list[str]) -> str:
    """Return a JSON pointer as a URI fragment."""
    return "#" + "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)


def problem_response(request: Request, error: DomainError) -> JSONResponse:
    """Return `error` as problem+json, in the language that the client prefers (English if none)."""
    language = preferred_language(request, default="en")
    text = as_sentence(error.text(language))
    errors = None
    if isinstance(error, InvalidRequest):
        errors = [_field_problem(item, language) for item in error.findings]
    elif error.field is not None:
        errors = [_refused_field(request, error.field, text)]
    problem = Problem(
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        detail=text,
        instance=request.url.path,
        code=error.code,
        request_id=request.scope.get("lancar.request_id"),
        errors=errors,
    )
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=error.status,
        headers=headers_of(error),
        media_type=MEDIA_TYPE,
    )


def _refused_field(request: Request, field: str, detail: str) -> FieldProblem:
    """Return what the domain said about `field`: a parameter where requests have no body."""
    if request.method in {"GET", "HEAD"}:
        return FieldProblem(detail=detail, parameter=field)
    return FieldProblem(detail=detail, pointer=_pointer(field.split(".") if field else []))


def prefers_problem(request: Request) -> bool:
    """Return whether a problem, rather than a page, answers a failure of `request`."""
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith(("/api/", "/health/")) or (
        "json" in accepted and "text/html" not in accepted
    )


def headers_of(error: DomainError) -> dict[str, str]:
    """Return the headers that belong to the answer of `error`, as JSON or as a page."""
    headers = dict(getattr(error, "headers", None) or {})
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def preferred_language(request: Request, default: str) -> str:
    """Return "id" or "en", whichever Accept-Language ranks higher, or `default`."""
    best, language = 0.0, default
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, parameters = part.strip().partition(";")
        code = tag.strip().lower().partition("-")[0]
        try:
            quality = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if code in UI_LANGUAGES and quality > best:
            best, language = quality, code
    return language


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of the problem answers with `statuses`, for `responses=`."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }
