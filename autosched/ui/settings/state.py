"""The workspace's settings, its members, and the invitations that are open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import reflex as rx

from autosched.errors import AutoschedError, InvalidError
from autosched.identity import workspaces
from autosched.identity.models import Role
from autosched.ui import words
from autosched.ui.handlers import event
from autosched.ui.session import Session


@dataclass(frozen=True)
class Person:
    """A member, or somebody who is invited (then without an id)."""

    id: str = ""
    name: str = ""
    email: str = ""
    letters: str = ""
    role: str = ""
    until: str = ""


class Settings(Session):
    """The state of the settings' page."""

    loaded: bool = False
    failure: str = ""
    missed_after: str = "60"
    people: list[Person] = []
    invited: list[Person] = []
    wrong: str = ""
    link: str = ""
    link_for: str = ""
    going: Person = Person()
    is_going: bool = False
    is_making: bool = False
    making_wrong: str = ""

    @rx.var
    def is_owner(self) -> bool:
        """Whether the person owns the workspace."""
        return self.role == Role.OWNER

    @event
    async def load(self) -> Any:
        """Read the settings, the members and the invitations."""
        if not self.ready:
            return
        self.link, self.wrong = "", ""
        if self.router.url.query_parameters.get("new") == "workspace":
            self.is_making = True
        try:
            await self._read()
        except AutoschedError as error:
            self.failure = " ".join(words.sentence(error, self.language or "en"))
            if error.status == 401:
                yield self.trouble(error)
        self.loaded = True

    @event
    async def look_again(self) -> Any:
        """Follow what others change."""
        if self.ready and self.loaded:
            try:
                await self._read()
            except AutoschedError as error:
                return self.trouble(error)
        return None

    async def _read(self) -> None:
        if not self.workspace_id:
            return
        workspace = await self.ask(workspaces.workspace, self.workspace_id)
        self.workspace_name, self.zone = workspace.name, workspace.zone
        self.missed_after = str(workspace.missed_after_minutes)
        people = [
            Person(
                member.user_id,
                member.name,
                member.email,
                "".join(part[0] for part in member.name.split()[:2]),
                str(member.role),
            )
            for member in await self.ask(workspaces.members, self.workspace_id)
        ]
        if people != self.people:
            self.people = people
        self.role = next((one.role for one in people if one.id == self.person_id), "")
        invited: list[Person] = []
        if self.can_administer:
            invited = [
                Person(
                    email=each.email,
                    letters=each.email[:1],
                    role=str(each.role),
                    until=each.expires_at.isoformat(),
                )
                for each in await self.ask(workspaces.invitations, self.workspace_id)
            ]
        if invited != self.invited:
            self.invited = invited
        self.failure = ""

    async def _change(self, **facts: Any) -> Any:
        try:
            await self.ask(workspaces.change, self.workspace_id, **facts)
            await self._read()
        except AutoschedError as error:
            return self.trouble(error)
        self.choices = [
            one if one.id != self.workspace_id else type(one)(one.id, self.workspace_name, one.role)
            for one in self.choices
        ]
        return self.good("Saved")

    @event
    async def rename(self, name: str) -> Any:
        """Give the workspace another name."""
        return None if name.strip() == self.workspace_name else await self._change(name=name)

    @event
    async def set_zone(self, zone: str) -> Any:
        """Show times in another zone."""
        return None if zone.strip() == self.zone else await self._change(zone=zone.strip())

    @event
    async def set_missed_after(self, minutes: str) -> Any:
        """How late a post may be without asking."""
        return await self._change(missed_after_minutes=int(minutes))

    @event
    async def invite(self, form: dict[str, Any]) -> Any:
        """Make a link for one more person."""
        self.wrong = self.link = ""
        try:
            await self._invite(str(form.get("email", "")), str(form.get("role", "")))
        except AutoschedError as error:
            self.wrong = " ".join(words.sentence(error, self.language or "en")).strip()

    @event
    async def invite_again(self, email: str, role: str) -> Any:
        """A fresh link for somebody who is invited already; the old one ends."""
        try:
            await self._invite(email, role)
        except AutoschedError as error:
            return self.trouble(error)
        return None

    async def _invite(self, email: str, role: str) -> None:
        try:
            given = Role(role)
        except ValueError:
            raise InvalidError("Choose a role.") from None
        token = await self.ask(workspaces.invite, self.workspace_id, email, given)
        address = urlsplit(str(self.router.url))
        self.link = f"{address.scheme}://{address.netloc}/invite?token={token}"
        self.link_for = email.strip().lower()
        await self._read()

    @event
    async def withdraw(self, email: str) -> Any:
        """Take an invitation back."""
        try:
            await self.ask(workspaces.withdraw, self.workspace_id, email)
            await self._read()
        except AutoschedError as error:
            return self.trouble(error)
        if self.link_for == email:
            self.link = ""
        return self.good("The invitation is taken back")

    @event
    async def set_role(self, user_id: str, role: str) -> Any:
        """Give a member another role."""
        try:
            await self.ask(workspaces.set_role, self.workspace_id, user_id, Role(role))
            await self._read()
        except AutoschedError as error:
            self.people = list(self.people)
            return self.trouble(error)
        return self.good("Saved")

    @event
    def ask_to_go(self, user_id: str) -> None:
        """Ask whether somebody is to leave."""
        self.going = next((one for one in self.people if one.id == user_id), Person())
        self.is_going = True

    @event
    def set_going(self, is_open: bool) -> None:
        """Close the question."""
        self.is_going = is_open

    @event
    async def let_go(self) -> Any:
        """Remove a member, or leave."""
        try:
            await self.ask(workspaces.remove, self.workspace_id, self.going.id)
        except AutoschedError as error:
            yield self.trouble(error)
            return
        self.is_going = False
        if self.going.id == self.person_id:
            yield rx.redirect("/")
            return
        await self._read()
        yield self.good("Removed")

    @event
    def set_making(self, is_open: bool) -> None:
        """Open or close the form of a new workspace."""
        self.is_making, self.making_wrong = is_open, ""

    @event
    async def make(self, form: dict[str, Any]) -> Any:
        """Make a further workspace and go to it."""
        try:
            made = await self.ask(
                workspaces.create, str(form.get("name", "")), str(form.get("zone", "")).strip()
            )
        except AutoschedError as error:
            self.making_wrong = " ".join(words.sentence(error, self.language or "en")).strip()
            return
        self.is_making = False
        self.last_workspace = made.id
        yield Session.enter
        yield rx.redirect("/")
