"""Whatever goes wrong, a program reads a document and a person a sentence."""

from __future__ import annotations

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from autosched.api.problems import answering
from autosched.errors import ConflictError


def answer(error: Exception) -> tuple[int, dict[str, object], str]:
    async def endpoint(request: Request) -> Response:
        await asyncio.sleep(0)
        raise error

    client = TestClient(Starlette(routes=[Route("/", answering(endpoint))]))
    got = client.get("/")
    return got.status_code, got.json(), got.headers["content-type"]


def test_an_error_is_told_with_its_code_sentence_and_remedy() -> None:
    status, told, kind = answer(ConflictError("Too late.", remedy="Look again.", code="late"))
    assert (status, kind) == (409, "application/problem+json")
    assert told == {
        "type": "urn:autosched:problem:late",
        "title": "Conflict",
        "status": 409,
        "code": "late",
        "detail": "Too late.",
        "remedy": "Look again.",
    }


def test_an_accident_of_ours_shows_no_trace() -> None:
    status, told, _ = answer(RuntimeError("secret in a message"))
    assert status == 500
    assert "secret" not in str(told)
    assert told["remedy"]
