"""The person before the screen: who they are, in which workspace, and what they are told.

Every page's state is a subclass of `Session`. It calls a service through `ask`, which puts the
logged-in person first and runs off the event loop, and turns what went wrong into words with
`trouble`. The log-in is an HttpOnly cookie; it is looked up anew for every call, so a log-in
that was ended elsewhere ends here with the next click.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote

import reflex as rx

from autosched import events
from autosched.api.session import COOKIE
from autosched.errors import AutoschedError, NotFoundError, UnauthenticatedError
from autosched.identity import access, service, workspaces
from autosched.identity.models import Role, User
from autosched.schedule.attention import attention
from autosched.schedule.models import TargetState
from autosched.ui import page, words
from autosched.ui.handlers import background, event

P = ParamSpec("P")
R = TypeVar("R")

# A burst of news (a render's progress) leads to one refresh.
_GATHER_SECONDS = 0.3


@dataclass(frozen=True)
class WorkspaceChoice:
    """A workspace as the switcher shows it."""

    id: str
    name: str
    role: str


class Session(rx.State):
    """Who is here, where, and in which language."""

    language: str = rx.LocalStorage("", name="autosched_language", sync=True)
    last_workspace: str = rx.LocalStorage("", name="autosched_workspace")

    ready: bool = False
    person_id: str = ""
    person_name: str = ""
    person_email: str = ""
    is_installation_owner: bool = False
    workspace_id: str = ""
    workspace_name: str = ""
    zone: str = "UTC"
    role: str = ""
    choices: list[WorkspaceChoice] = []
    attention_count: int = 0

    _watch: int = 0

    @rx.var
    def initials(self) -> str:
        """At most two letters that stand for the person."""
        return "".join(part[0] for part in self.person_name.split()[:2])

    @rx.var
    def can_edit(self) -> bool:
        """Whether the person may change things here (the services check it themselves)."""
        return self.role != "" and access.allows(Role(self.role), Role.EDITOR)

    @rx.var
    def can_administer(self) -> bool:
        """Whether the person may change the workspace and its members."""
        return self.role != "" and access.allows(Role(self.role), Role.ADMIN)

    # ---- for the pages' states

    def login_token(self) -> str:
        """The log-in's token from the cookie of this tab's socket; empty without one."""
        try:
            morsel = SimpleCookie(self.router.headers.cookie).get(COOKIE)
        except CookieError:
            return ""
        return morsel.value if morsel else ""

    async def ask(
        self, verb: Callable[Concatenate[str, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Call a service verb as the logged-in person, in a thread.

        `UnauthenticatedError` when the log-in has ended.
        """
        token = self.login_token()

        def run() -> R:
            user = service.who(token)
            if user is None:
                raise UnauthenticatedError("You are logged out.", remedy="Log in again.")
            return verb(user.id, *args, **kwargs)

        return await asyncio.to_thread(run)

    def trouble(self, error: AutoschedError) -> Any:
        """The event that tells the person: a toast with sentence and remedy, or the log-in page."""
        if isinstance(error, UnauthenticatedError):
            return self.to_login()
        sentence, remedy = words.sentence(error, self.language or "en")
        return rx.toast.error(sentence, description=remedy, duration=9000)

    def good(self, english: str, **values: Any) -> Any:
        """The event that says in a toast that something worked."""
        return rx.toast.success(words.say(english, self.language or "en", **values))

    def to_login(self) -> Any:
        """The event that leads to the log-in, and back here afterwards."""
        here = self.router.url.path
        if self.router.url.query:
            here += f"?{self.router.url.query}"
        return rx.redirect("/login" if here == "/" else f"/login?next={quote(here)}")

    # ---- entering a page

    @event
    async def enter(self) -> Any:
        """Find out who is here and where; without a log-in, lead to it."""
        user = await asyncio.to_thread(service.who, self.login_token())
        if user is None:
            self.ready = False
            if await asyncio.to_thread(service.is_fresh):
                return rx.redirect("/register")
            return self.to_login()
        self._know(user)
        found = await asyncio.to_thread(workspaces.workspaces, user.id)
        self.choices = [
            WorkspaceChoice(workspace.id, workspace.name, role) for workspace, role in found
        ]
        if not found:
            self.workspace_id, self.role = "", ""
        else:
            wanted = self.last_workspace
            workspace, role = next((pair for pair in found if pair[0].id == wanted), found[0])
            self.workspace_id, self.workspace_name = workspace.id, workspace.name
            self.zone, self.role = workspace.zone, str(role)
        self.ready = True
        await self._count_attention()
        return Session.follow

    def _know(self, user: User) -> None:
        self.person_id, self.person_name, self.person_email = user.id, user.name, user.email
        self.is_installation_owner = user.is_installation_owner
        if not self.language:
            self.language = user.language

    async def _count_attention(self) -> None:
        if self.workspace_id:
            try:
                concerns = await self.ask(attention, self.workspace_id)
            except (UnauthenticatedError, NotFoundError):
                concerns = []
            # What is tried again by itself needs nobody yet.
            self.attention_count = sum(each.state != TargetState.RETRY_WAIT for each in concerns)

    @event
    async def switch_workspace(self, workspace_id: str) -> Any:
        """Go to another workspace's home."""
        self.last_workspace = workspace_id
        yield Session.enter
        yield rx.redirect("/")

    @event
    async def choose_language(self, language: str) -> Any:
        """Remember the language for this browser and this person."""
        self.language = "ar" if language == "ar" else "en"
        yield rx.call_script(f"window.autosched?.setLanguage({self.language!r})")
        try:
            await self.ask(service.set_language, self.language)
        except UnauthenticatedError:
            return  # before the log-in the browser alone remembers

    # ---- news

    @background
    async def follow(self) -> Any:
        """Refresh the page whenever the workspace tells something, until the tab leaves it."""
        async with self:
            self._watch += 1
            mark, workspace_id = self._watch, self.workspace_id
            token, sid = self.router.session.client_token, self.router.session.session_id
            shown = page.registered.get(self.router.route_id.strip("/"))
        if not workspace_id:
            return
        news: set[str] = set()
        arrived = asyncio.Event()

        async def listen() -> None:
            async with aclosing(events.listen(workspace_id)) as stream:
                async for event in stream:
                    news.add(str(event["topic"]))
                    arrived.set()

        listener = asyncio.create_task(listen())
        try:
            while True:
                await arrived.wait()
                await asyncio.sleep(_GATHER_SECONDS)
                topics = frozenset(news)
                news.clear()
                arrived.clear()
                if not _is_open(token, sid):
                    return
                async with self:
                    if self._watch != mark or self.workspace_id != workspace_id:
                        return
                    if topics & {"target", "post", "account"}:
                        await self._count_attention()
                if shown and shown.refresh is not None and topics & (shown.topics | {"tick"}):
                    yield shown.refresh
        finally:
            listener.cancel()


def _is_open(token: str, sid: str) -> bool:
    """Whether the tab is still there, on the same socket."""
    from autosched.ui.app import app  # the app imports the pages, which import this module

    namespace = app.event_namespace
    return namespace is not None and namespace.token_to_sid.get(token) == sid
