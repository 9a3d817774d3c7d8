"""The browser's log-in: plain form posts that set and clear the cookie.

The token lives in an HttpOnly cookie, so no script of a page can read it. Forms answer with a
redirect; what went wrong comes back as `?problem=CODE`, which the page turns into words.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autosched.errors import AutoschedError, ForbiddenError
from autosched.identity import service, workspaces

COOKIE = "autosched_login"


def check_origin(request: Request) -> None:
    """`ForbiddenError` if a page of another site sent this (the cookie alone proves nothing)."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise ForbiddenError(
            "This request came from another site.",
            remedy="Open the app's own page and try again there.",
            code="cross_site",
        )


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _inside(target: str) -> str:
    """The path to go to next; only ever one of our own."""
    fine = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if fine else "/"


def _enter(request: Request, token: str, target: str) -> Response:
    response = RedirectResponse(_inside(target), status_code=303)
    response.set_cookie(
        COOKIE,
        token,
        max_age=service.LOGIN_DAYS * 24 * 3600,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )
    return response


def _back(page: str, problem: AutoschedError, **kept: str) -> Response:
    query = "&".join(f"{key}={quote(value)}" for key, value in kept.items() if value)
    return RedirectResponse(f"{page}?problem={problem.code}&{query}".rstrip("&"), status_code=303)


async def log_in(request: Request) -> Response:
    """`email`, `password`, and `next`: the page to go to."""
    form = await request.form()
    email, target = _field(form, "email"), _field(form, "next") or "/"
    try:
        check_origin(request)
        token, _ = await run_in_threadpool(service.log_in, email, _field(form, "password"))
    except AutoschedError as error:
        return _back("/login", error, email=email, next=_inside(target))
    return _enter(request, token, target)


async def register(request: Request) -> Response:
    """`name`, `email`, `password`, `zone`, `language`, and `invitation` if there was one."""
    form = await request.form()
    name, email, invitation = (_field(form, key) for key in ("name", "email", "invitation"))
    try:
        check_origin(request)
        user = await run_in_threadpool(
            service.register,
            name,
            email,
            _field(form, "password"),
            language="ar" if _field(form, "language") == "ar" else "en",
            zone=_field(form, "zone") or "UTC",
            invitation=invitation,
        )
        if invitation:
            await run_in_threadpool(workspaces.accept, user.id, invitation)
        token = await run_in_threadpool(service.open_login, user)
    except AutoschedError as error:
        return _back("/register", error, name=name, email=email, invitation=invitation)
    return _enter(request, token, "/")


async def log_out(request: Request) -> Response:
    """End the log-in and go to its page."""
    check_origin(request)
    await run_in_threadpool(service.log_out, request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(COOKIE, path="/")
    return response


def routes() -> list[Route]:
    """The routes of the log-in."""
    return [
        Route("/auth/login", log_in, methods=["POST"]),
        Route("/auth/register", register, methods=["POST"]),
        Route("/auth/logout", log_out, methods=["POST"]),
    ]
