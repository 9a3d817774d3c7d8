"""What the pages before the log-in must know: is anybody here yet, and what an invitation opens."""

from __future__ import annotations

import asyncio
from typing import Any

import reflex as rx

from autosched.errors import AutoschedError
from autosched.identity import service, workspaces
from autosched.settings import settings
from autosched.ui import words
from autosched.ui.handlers import event
from autosched.ui.session import Session


class Entry(Session):
    """The state of the log-in, the registration and the invitation."""

    arrived: bool = False
    is_fresh: bool = False
    is_open: bool = True
    somebody: str = ""
    invited_to: str = ""
    invited_email: str = ""
    invited_role: str = ""
    refusal: str = ""

    @event
    async def arrive(self) -> Any:
        """Look who comes; somebody who is logged in already goes on to the app."""
        self.reset_invitation()
        user = await asyncio.to_thread(service.who, self.login_token())
        path = self.router.url.path.rstrip("/")
        self.somebody = user.email if user else ""
        if user is not None and path != "/invite":
            return rx.redirect("/")
        self.is_fresh = await asyncio.to_thread(service.is_fresh)
        self.is_open = settings().open_registration
        if path == "/login" and self.is_fresh:
            return rx.redirect("/register")
        token = self._token()
        if token:
            found = await asyncio.to_thread(workspaces.invited_to, token)
            if found is not None:
                workspace, invitation = found
                self.invited_to, self.invited_email = workspace.name, invitation.email
                self.invited_role = str(invitation.role)
        self.arrived = True
        return None

    def reset_invitation(self) -> None:
        """Forget what an earlier address said."""
        self.invited_to = self.invited_email = self.invited_role = self.refusal = ""

    def _token(self) -> str:
        query = self.router.url.query_parameters
        return query.get("token") or query.get("invitation") or ""

    @event
    async def join(self) -> Any:
        """Accept the invitation as the person who is logged in."""
        try:
            joined = await self.ask(workspaces.accept, self._token())
        except AutoschedError as error:
            sentence, remedy = words.sentence(error, self.language or "en")
            self.refusal = f"{sentence} {remedy}".strip()
            return None
        self.last_workspace = joined.id
        return rx.redirect("/")
