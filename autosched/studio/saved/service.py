"""The workspace's own templates: kept with all their versions, edited without losing anything.

Every edit makes a new version and says which one it was made from; where somebody else was quicker
it is refused with `ConflictError`, and both edits can be kept. Nothing is ever truly removed: what
is thrown away waits in the trash, and renders find the version that they were asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col, select

from autosched import clock, db, events
from autosched.errors import ConflictError, InvalidError, NotFoundError
from autosched.identity.access import require
from autosched.identity.models import Role, User, Workspace
from autosched.studio import template as built_in
from autosched.studio.parts import Change, differences
from autosched.studio.saved import exchange
from autosched.studio.saved.exchange import Source
from autosched.studio.saved.models import SavedTemplate, TemplateVersion
from autosched.studio.template import Template

MOST_TEMPLATES = 500
MOST_VERSIONS = 500
_NOTE_MAX = 200


@dataclass(frozen=True)
class Version:
    """One version as its row in the history: by whom, when, what is different."""

    number: int
    author: str
    at: datetime
    note: str
    changes: tuple[Change, ...]


def saved(actor: str, workspace_id: str, *, trashed: bool = False) -> list[SavedTemplate]:
    """The workspace's templates, the last edited first; with `trashed` those in the trash."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
        gone = col(SavedTemplate.trashed_at)
        return list(
            session.exec(
                select(SavedTemplate)
                .where(SavedTemplate.workspace_id == workspace_id)
                .where(gone.is_not(None) if trashed else gone.is_(None))
                .order_by(col(SavedTemplate.updated_at).desc(), col(SavedTemplate.id).desc())
            )
        )


def row(actor: str, template_id: str) -> SavedTemplate:
    """One of them, in the trash or not, for a member of its workspace."""
    with db.read() as session:
        return _row(session, actor, template_id, Role.VIEWER)


def template(actor: str, template_id: str, number: int | None = None) -> Template:
    """The template itself, as it is or as it was in version `number`."""
    with db.read() as session:
        found = _row(session, actor, template_id, Role.VIEWER)
        return _template(found, _version(session, found, number or found.version))


def history(actor: str, template_id: str) -> list[Version]:
    """All versions, the newest first, each with what it changed."""
    with db.read() as session:
        found = _row(session, actor, template_id, Role.VIEWER)
        rows = session.exec(
            select(TemplateVersion, User.name)
            .join(User, col(User.id) == col(TemplateVersion.created_by))
            .where(TemplateVersion.template_id == found.id)
            .order_by(col(TemplateVersion.number))
        ).all()
    told: list[Version] = []
    before: Template | None = None
    for version, author in rows:
        here = _template(found, version)
        changes = tuple(differences(before, here)) if before else ()
        told.append(Version(version.number, author, version.created_at, version.note, changes))
        before = here
    return told[::-1]


def create(
    actor: str,
    workspace_id: str,
    template: Template,
    *,
    title: str | None = None,
    sources: Sequence[Source] = (),
    credits: Sequence[str] = (),
    note: str = "",
) -> SavedTemplate:
    """Keep a template in the workspace. A name that is taken gets a number behind it."""
    exchange.check_names(template)
    called = _title(title if title is not None else template.title)
    with db.write() as session:
        require(session, actor, workspace_id, Role.EDITOR)
        # One after the other, so that no two find the same name free.
        session.get(Workspace, workspace_id, with_for_update=True)
        taken = set(
            session.exec(
                select(SavedTemplate.name).where(SavedTemplate.workspace_id == workspace_id)
            )
        )
        if len(taken) >= MOST_TEMPLATES:
            raise InvalidError(
                f"A workspace holds at most {MOST_TEMPLATES} templates.", code="too_many"
            )
        found = SavedTemplate(
            workspace_id=workspace_id,
            name=free_name(called, taken),
            title=called,
            sources=[each.model_dump() for each in sources],
            credits=list(credits),
            created_by=actor,
        )
        session.add(found)
        session.flush()
        _add_version(session, found, 1, template, actor, note)
        _told(session, found)
    return found


def edit(
    actor: str, template_id: str, template: Template, *, based_on: int, note: str = ""
) -> SavedTemplate:
    """Save an edit as the next version. `based_on`: the version that it was made from.

    `ConflictError` when there is a newer one: look at it, then save on top of it, or keep the
    edit as a template of its own.
    """
    exchange.check_names(template)
    with db.write() as session:
        found = _row(session, actor, template_id, Role.EDITOR)
        _not_trashed(found)
        if based_on >= MOST_VERSIONS:
            raise InvalidError(
                f"A template has at most {MOST_VERSIONS} versions.",
                remedy="Duplicate it, and go on with the copy.",
                code="too_many",
            )
        # The version is compared and raised in one statement: of two at once, one is refused.
        done = session.execute(
            update(SavedTemplate)
            .where(col(SavedTemplate.id) == found.id, col(SavedTemplate.version) == based_on)
            .values(version=based_on + 1, updated_at=clock.now())
        )
        if not cast("CursorResult[Any]", done).rowcount:
            raise ConflictError(
                "Somebody has saved a newer version meanwhile.",
                remedy="Save yours as a copy, or look at theirs and save again.",
                code="edited_meanwhile",
            )
        session.refresh(found)
        _add_version(session, found, found.version, template, actor, note)
        _told(session, found)
    return found


def restore_version(actor: str, template_id: str, number: int) -> SavedTemplate:
    """Make an old version the newest again; what came between stays in the history."""
    with db.read() as session:
        found = _row(session, actor, template_id, Role.EDITOR)
        old = _template(found, _version(session, found, number))
        newest = found.version
    return edit(actor, template_id, old, based_on=newest, note=f"Version {number} again")


def rename(actor: str, template_id: str, title: str) -> SavedTemplate:
    """Give it another title; the name by which it was made stays."""
    called = _title(title)
    with db.write() as session:
        found = _row(session, actor, template_id, Role.EDITOR)
        found.title, found.updated_at = called, clock.now()
        session.add(found)
        _told(session, found)
    return found


def duplicate(actor: str, template_id: str, *, title: str | None = None) -> SavedTemplate:
    """A copy of the newest version that goes its own way."""
    found = row(actor, template_id)
    return create(
        actor,
        found.workspace_id,
        template(actor, template_id),
        title=title or f"{found.title[:52]} (copy)",
        sources=sources(found),
        credits=found.credits,
    )


def trash(actor: str, template_id: str) -> SavedTemplate:
    """Put it into the trash; what is being rendered in it goes on."""
    return _moved(actor, template_id, clock.now())


def untrash(actor: str, template_id: str) -> SavedTemplate:
    """Take it out of the trash."""
    return _moved(actor, template_id, None)


def export(actor: str, template_id: str, *, preview: bytes = b"") -> tuple[str, bytes]:
    """The name and the content of a file that carries it elsewhere."""
    found = row(actor, template_id)
    content = exchange.written(
        template(actor, template_id),
        sources=tuple(sources(found)),
        credits=tuple(found.credits),
        preview=preview,
    )
    return f"{found.name}{exchange.SUFFIX}", content


def import_file(actor: str, workspace_id: str, content: bytes) -> SavedTemplate:
    """Keep the template in a file's content. Errors say what is wrong with the file."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.EDITOR)
    shared = exchange.read(content)
    return create(
        actor,
        workspace_id,
        shared.template,
        sources=shared.sources,
        credits=shared.credits,
        note="From a file",
    )


def sources(found: SavedTemplate) -> list[Source]:
    """What it was made from."""
    return [Source.model_validate(each) for each in found.sources]


def free_name(title: str, taken: Iterable[str] = ()) -> str:
    """A name for a template with this title: ASCII, unlike the built-in ones and those `taken`."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "template"
    used = {*taken, *(each.name for each in built_in.templates())}
    numbered = (f"{stem}-{number}" for number in range(2, len(used) + 3))
    return next(name for name in (stem, *numbered) if name not in used)


def _moved(actor: str, template_id: str, at: datetime | None) -> SavedTemplate:
    with db.write() as session:
        found = _row(session, actor, template_id, Role.EDITOR)
        found.trashed_at = at
        session.add(found)
        _told(session, found)
    return found


def _row(session: Session, actor: str, template_id: str, role: Role) -> SavedTemplate:
    nothing = NotFoundError("There is no such template, or it is not yours to see.")
    found = session.get(SavedTemplate, template_id)
    if found is None:
        raise nothing
    try:
        require(session, actor, found.workspace_id, role)
    except NotFoundError:
        raise nothing from None
    return found


def _version(session: Session, found: SavedTemplate, number: int) -> TemplateVersion:
    version = session.exec(
        select(TemplateVersion)
        .where(TemplateVersion.template_id == found.id)
        .where(TemplateVersion.number == number)
    ).first()
    if version is None:
        raise NotFoundError(f"“{found.title}” has no version {number}.")
    return version


def _template(found: SavedTemplate, version: TemplateVersion) -> Template:
    """The template under its name of today: renaming is no edit."""
    data = version.data | {"name": found.name, "title": found.title}
    return Template.model_validate(data)


def _add_version(
    session: Session, found: SavedTemplate, number: int, template: Template, actor: str, note: str
) -> None:
    data = template.model_dump(mode="json") | {"name": found.name, "title": found.title}
    session.add(
        TemplateVersion(
            template_id=found.id,
            number=number,
            data=data,
            note=note.strip()[:_NOTE_MAX],
            created_by=actor,
        )
    )


def _title(title: str) -> str:
    clean = " ".join(title.replace("\0", "").split())
    if not 1 <= len(clean) <= 60:
        raise InvalidError("A template's title has 1 to 60 characters.", code="title")
    return clean


def _not_trashed(found: SavedTemplate) -> None:
    if found.trashed_at is not None:
        raise ConflictError(
            f"“{found.title}” is in the trash.", remedy="Take it out, then edit it.", code="trashed"
        )


def _told(session: Session, found: SavedTemplate) -> None:
    db.after_commit(session, lambda: events.tell(found.workspace_id, "template", id=found.id))
