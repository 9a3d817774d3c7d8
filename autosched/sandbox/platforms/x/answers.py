"""X's own words: problems as it writes them, and what it asks of a JSON body."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from autosched.sandbox.wire import Refusal

PROBLEMS = "https://api.x.com/2/problems"
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."


def problem(status: int, detail: str = "", kind: str = "", title: str = "") -> Response:
    """A problem body. Without `kind` it is about nothing in particular."""
    phrase = title or HTTPStatus(status).phrase
    return JSONResponse(
        {
            "title": phrase,
            "detail": detail or phrase,
            "type": f"{PROBLEMS}/{kind}" if kind else "about:blank",
            "status": status,
        },
        status_code=status,
    )


def invalid(parameter: str, value: Any, message: str) -> Refusal:
    """400: a parameter is not as the schema has it."""
    said = value if isinstance(value, str) else json.dumps(value)
    body = {
        "errors": [{"parameters": {parameter: [said]}, "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": f"{PROBLEMS}/invalid-request",
        "status": 400,
    }
    return Refusal(JSONResponse(body, status_code=400))


def forbidden(detail: str, kind: str = "") -> Refusal:
    """403 with a sentence."""
    return Refusal(problem(403, detail, kind))


def missing(parameter: str, value: str, resource: str) -> dict[str, Any]:
    """What stands under `errors` for something that is not there."""
    return {
        "value": value,
        "detail": f"Could not find {resource} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": f"{PROBLEMS}/resource-not-found",
    }


def not_found(parameter: str, value: str, resource: str) -> Refusal:
    """404 for something that is not there (any more)."""
    said = {**missing(parameter, value, resource), "status": 404}
    return Refusal(JSONResponse({"errors": [said], **said}, status_code=404))


async def body_of(request: Request, known: Iterable[str]) -> dict[str, Any]:
    """The JSON object that was sent; the body is closed: no name that is not `known`."""
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip() != "application/json":
        raise invalid("content-type", kind, "Requests with bodies must be application/json.")
    try:
        said = json.loads(await request.body())
    except ValueError:
        raise invalid("body", "", "The body is no valid JSON.") from None
    if not isinstance(said, dict):
        raise invalid("body", said, "The body must be a JSON object.")
    closed(said, known, "$")
    return said


def closed(said: dict[str, Any], known: Iterable[str], where: str) -> None:
    """Refuse names that the schema does not have."""
    for name in said.keys() - set(known):
        raise invalid(
            f"{where}.{name}", said[name],
            f"{where}: property [{name}] is not defined in the schema and the schema does not"
            " allow additional properties",
        )  # fmt: skip
