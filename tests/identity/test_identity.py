"""Registering, logging in, and who may do what in a workspace."""

from __future__ import annotations

import pytest

from autosched import db
from autosched.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
)
from autosched.identity import service, workspaces
from autosched.identity.access import require
from autosched.identity.models import Login, Role, User
from autosched.settings import settings

PASSWORD = "a quiet sentence"


def person(name: str) -> User:
    return service.register(name, f"{name}@example.org", PASSWORD, zone="Europe/Istanbul")


def home(user: User) -> str:
    return workspaces.workspaces(user.id)[0][0].id


def test_the_first_person_owns_the_installation_and_each_owns_a_workspace(database: str) -> None:
    assert service.is_fresh()
    amina, bilal = person("amina"), person("bilal")
    assert not service.is_fresh()
    assert amina.is_installation_owner
    assert not bilal.is_installation_owner
    assert [role for _, role in workspaces.workspaces(bilal.id)] == [Role.OWNER]
    assert home(amina) != home(bilal)


def test_a_password_is_kept_only_as_an_argon2_hash(database: str) -> None:
    assert person("amina").password_hash.startswith("$argon2id$")


def test_a_log_in_lasts_until_it_is_ended_and_its_token_is_not_stored(database: str) -> None:
    amina = person("amina")
    token, user = service.log_in(" Amina@Example.org ", PASSWORD)
    assert user.id == amina.id
    found = service.who(token)
    assert found is not None
    assert found.id == amina.id
    with db.read() as session:
        assert session.get(Login, token) is None
    service.log_out(token)
    service.log_out(token)
    assert service.who(token) is None


@pytest.mark.parametrize(
    ("email", "password"), [("amina@example.org", "wrong words here"), ("no@example.org", PASSWORD)]
)
def test_a_wrong_log_in_never_says_which_half_was_wrong(
    database: str, email: str, password: str
) -> None:
    person("amina")
    with pytest.raises(UnauthenticatedError) as caught:
        service.log_in(email, password)
    assert caught.value.code == "wrong_login"


@pytest.mark.parametrize(
    ("name", "email", "password", "code"),
    [
        ("", "a@example.org", PASSWORD, "name"),
        ("a", "nonsense", PASSWORD, "email"),
        ("a", "a@example.org", "short", "password_short"),
    ],
)
def test_what_cannot_be_an_account_is_refused_with_its_reason(
    database: str, name: str, email: str, password: str, code: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        service.register(name, email, password)
    assert caught.value.code == code
    assert service.is_fresh()


def test_an_address_is_taken_once(database: str) -> None:
    person("amina")
    with pytest.raises(ConflictError):
        person("amina")


def test_a_closed_installation_takes_its_first_person_only(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOSCHED_OPEN_REGISTRATION", "false")
    settings.cache_clear()
    person("amina")
    with pytest.raises(ForbiddenError):
        person("bilal")


def test_a_closed_installation_lets_an_invited_person_in_and_no_other(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina = person("amina")
    token = workspaces.invite(amina.id, home(amina), "bilal@example.org", Role.EDITOR)
    monkeypatch.setenv("AUTOSCHED_OPEN_REGISTRATION", "false")
    settings.cache_clear()
    with pytest.raises(ForbiddenError):
        service.register("Eve", "eve@example.org", PASSWORD, invitation=token)
    bilal = service.register("Bilal", "bilal@example.org", PASSWORD, invitation=token)
    assert workspaces.accept(bilal.id, token).id == home(amina)


def test_a_workspace_does_not_exist_for_strangers(database: str) -> None:
    amina, bilal = person("amina"), person("bilal")
    with db.read() as session, pytest.raises(NotFoundError):
        require(session, bilal.id, home(amina), Role.VIEWER)
    with pytest.raises(NotFoundError):
        workspaces.members(bilal.id, home(amina))


def test_an_invitation_brings_its_addressee_in_once(database: str) -> None:
    amina, bilal, eve = person("amina"), person("bilal"), person("eve")
    token = workspaces.invite(amina.id, home(amina), bilal.email, Role.EDITOR)
    with pytest.raises(ForbiddenError):
        workspaces.accept(eve.id, token)
    workspaces.accept(bilal.id, token)
    with pytest.raises(NotFoundError):
        workspaces.accept(bilal.id, token)
    roles = {member.user_id: member.role for member in workspaces.members(amina.id, home(amina))}
    assert roles == {amina.id: Role.OWNER, bilal.id: Role.EDITOR}


def test_a_member_does_only_what_the_role_allows(database: str) -> None:
    amina, bilal = person("amina"), person("bilal")
    room = home(amina)
    workspaces.accept(bilal.id, workspaces.invite(amina.id, room, bilal.email, Role.VIEWER))
    with db.read() as session:
        require(session, bilal.id, room, Role.VIEWER)
        with pytest.raises(ForbiddenError):
            require(session, bilal.id, room, Role.EDITOR)
    with pytest.raises(ForbiddenError):
        workspaces.invite(bilal.id, room, "c@example.org", Role.VIEWER)
    workspaces.set_role(amina.id, room, bilal.id, Role.ADMIN)
    with pytest.raises(ForbiddenError):
        workspaces.set_role(bilal.id, room, bilal.id, Role.OWNER)
    with pytest.raises(ForbiddenError):
        workspaces.remove(bilal.id, room, amina.id)


def test_the_last_owner_stays(database: str) -> None:
    amina, bilal = person("amina"), person("bilal")
    room = home(amina)
    workspaces.accept(bilal.id, workspaces.invite(amina.id, room, bilal.email, Role.OWNER))
    workspaces.remove(amina.id, room, amina.id)
    with pytest.raises(ConflictError):
        workspaces.remove(bilal.id, room, bilal.id)
    with pytest.raises(ConflictError):
        workspaces.set_role(bilal.id, room, bilal.id, Role.EDITOR)
