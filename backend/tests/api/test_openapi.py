"""The OpenAPI document: every operation is described, exemplified, and says how it fails."""

from importlib import import_module
from pkgutil import iter_modules
from typing import get_args

import pytest
from fastapi.openapi.models import OpenAPI
from pydantic import BaseModel, TypeAdapter

from app.api import health
from app.api.openapi import example_of
from app.api.v1 import schemas
from app.main import create_app
from app.questions.types import Response

PROBLEM = {"$ref": "#/components/schemas/Problem"}
DOCUMENT = create_app().openapi()
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
SCHEMAS = [
    import_module(f"{schemas.__name__}.{found.name}") for found in iter_modules(schemas.__path__)
]
MODELS = {
    name: model
    for module in (health, *SCHEMAS)
    for name, model in vars(module).items()
    if isinstance(model, type) and issubclass(model, BaseModel)
}


@pytest.fixture(params=OPERATIONS, ids=str)
def operation(request):
    """Each operation in turn."""
    return OPERATIONS[request.param]


def test_the_document_has_the_structure_of_openapi_3_1():
    parsed = OpenAPI.model_validate(DOCUMENT)
    assert parsed.openapi.startswith("3.1")
    identifiers = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(identifiers)) == len(identifiers) > 15


def test_every_reference_leads_somewhere():
    def references(part):
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            part = list(part.values())
        if isinstance(part, list):
            for item in part:
                yield from references(item)

    names = {reference.rpartition("/")[2] for reference in references(DOCUMENT)}
    assert names <= DOCUMENT["components"]["schemas"].keys()


def test_an_operation_and_its_parameters_are_described(operation):
    assert operation["summary"] and operation["description"]
    for parameter in operation.get("parameters", []):
        assert parameter.get("description"), parameter["name"]


def test_every_body_has_an_example_that_its_model_takes(operation):
    answers = [answer for status, answer in operation["responses"].items() if status < "300"]
    for body in [operation.get("requestBody", {}), *answers]:
        media = body.get("content", {}).get("application/json")
        if media is None:
            continue
        schema, example = media["schema"], media["example"]
        if schema.get("type") == "array":
            schema, (example,) = schema["items"], example
        model = MODELS[schema["$ref"].rpartition("/")[2]]
        model.model_validate_json(_encoded(example), by_name=True, by_alias=True)


def _encoded(value):
    return TypeAdapter(object).dump_json(value)


def test_the_failures_of_an_operation_are_described(request, operation):
    name = request.node.callspec.params["operation"]
    answers = operation["responses"]
    expected = {"422", "429", "503"} if "/api/" in name else set()
    if not name.startswith("GET"):
        expected |= {"400", "403", "408", "413", "415"}
    if "security" in operation:
        expected |= {"401"}
    assert expected <= answers.keys()
    for status in [status for status in answers if status >= "400"]:
        assert answers[status]["content"]["application/problem+json"]["schema"] == PROBLEM
        assert ("Retry-After" in answers[status].get("headers", {})) == (status in {"429", "503"})


def test_signing_in_tells_of_its_cookie():
    assert "Set-Cookie" in OPERATIONS["POST /api/v1/sessions"]["responses"]["201"]["headers"]


def test_every_type_of_response_is_exemplified():
    field = MODELS["AnswerIn"].model_fields["response"]
    shown = [type(TypeAdapter(Response).validate_python(example)) for example in field.examples]
    assert shown == list(get_args(get_args(Response)[0]))


def test_a_field_without_an_example_is_found():
    with pytest.raises(LookupError, match="no example"):
        example_of({"type": "object", "properties": {"a": {"type": "string"}}}, {})


def test_the_document_is_made_once():
    app = create_app()
    assert app.openapi() is app.openapi()
