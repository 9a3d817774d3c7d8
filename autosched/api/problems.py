"""Errors as programs read them: RFC 9457 `application/problem+json`, and never a trace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from autosched.errors import AutoschedError

Endpoint = Callable[[Request], Awaitable[Response]]

_log = structlog.get_logger(__name__)


def problem(
    error: AutoschedError, headers: dict[str, str] | None = None, **more: int | str
) -> Response:
    """The error as problem+json; `more` are further members of the document."""
    return JSONResponse(
        {
            "type": f"urn:autosched:problem:{error.code}",
            "title": HTTPStatus(error.status).phrase,
            "status": error.status,
            "code": error.code,
            "detail": error.sentence,
            "remedy": error.remedy,
            **more,
        },
        status_code=error.status,
        headers=headers,
        media_type="application/problem+json",
    )


def answering(endpoint: Endpoint) -> Endpoint:
    """Let the endpoint raise: what it raises becomes the answer."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except AutoschedError as error:
            return problem(error)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except Exception:  # noqa: BLE001  the outermost door: logged whole, told as a sentence
            _log.exception("request_failed", path=request.url.path)
            return problem(
                AutoschedError("Something went wrong on our side.", remedy="Try again in a moment.")
            )

    return answered
