"""What FastAPI cannot know when it describes the API: shared failures, headers, whole examples."""

from typing import Any

from pydantic.json_schema import models_json_schema

from app.http.problems import Problem, problems

Json = dict[str, Any]

_JSON = "application/json"
_PLACEHOLDERS = {
    "uuid": "01a20523-42ed-7032-ab00-64843a6dbddd",
    "date": "2026-03-02",
    "date-time": "2026-03-02T05:00:00Z",
}
_RETRY_AFTER: Json = {
    "description": "Seconds after which the request may succeed.",
    "required": True,
    "schema": {"type": "integer", "minimum": 1, "examples": [2]},
}


def complete(document: Json) -> Json:
    """Return the OpenAPI document of FastAPI with what every operation shares added to it.

    Raises LookupError when the example of a body cannot be made: then a field lacks `examples`.
    """
    schemas = document["components"]["schemas"]
    _, of_problems = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas |= of_problems["$defs"]
    for operations in document["paths"].values():
        for method, operation in operations.items():
            _add_shared_answers(method, operation)
            _add_examples(operation, schemas)
    return document


def _add_shared_answers(method: str, operation: Json) -> None:
    """Describe what the middleware answers, and when to come back.

    It reads whatever body a request has, and so may refuse it where none is wanted.
    """
    shared = () if method == "get" else (400, 403, 408, 413, 415)
    answers = operation["responses"]
    for status, answer in problems(*shared).items():
        answers.setdefault(str(status), answer)
    for status in {"429", "503"} & answers.keys():
        answers[status]["headers"] = {"Retry-After": _RETRY_AFTER}
    operation["responses"] = dict(sorted(answers.items()))


def _add_examples(operation: Json, schemas: Json) -> None:
    """Show each body as a whole, put together from the examples of its fields."""
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for body in bodies:
        media = body.get("content", {}).get(_JSON)
        if media:
            media["example"] = example_of(media["schema"], schemas)


def example_of(schema: Json, schemas: Json) -> Any:  # noqa: PLR0911 - one return for each kind
    """Return a value of `schema`: its own example, or one made of its parts' examples."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return example_of(schema[union][0], schemas)  # null comes last
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if "properties" in schema:
        return {name: example_of(part, schemas) for name, part in schema["properties"].items()}
    if schema.get("type") == "array":
        return [example_of(schema["items"], schemas)]
    if schema.get("type") == "boolean":
        return schema.get("default", True)
    if schema.get("format") in _PLACEHOLDERS:
        return _PLACEHOLDERS[schema["format"]]
    raise LookupError(f"no example in {schema}")
