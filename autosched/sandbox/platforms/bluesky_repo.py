"""Bluesky's repositories: records under keys of one's own choosing, and proof by swapping."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autosched.sandbox.platforms import bluesky_lexicon
from autosched.sandbox.platforms.bluesky_blobs import Blobs
from autosched.sandbox.platforms.bluesky_cid import TID, cid_of_record, is_cid, tid
from autosched.sandbox.platforms.bluesky_session import WRITE_SCOPES, Sessions
from autosched.sandbox.platforms.bluesky_wire import (
    CREATE,
    DELETE,
    NAME,
    PDS,
    UPDATE,
    Rations,
    asked,
    body,
    did_doc,
    invalid,
    outage,
    somebody,
    stop,
    whole,
)
from autosched.sandbox.wire import Platform, Refusal, answer, step
from autosched.sandbox.world import Blob, Person, World

_PROFILE = "app.bsky.actor.profile"
_KEY = re.compile(r"[A-Za-z0-9._:~\-]{1,512}")
_NSID = re.compile(r"[a-zA-Z][a-zA-Z0-9\-]*(\.[a-zA-Z][a-zA-Z0-9\-]*){2,}")


@dataclass
class Record:
    """A record as it stands."""

    value: dict[str, Any]
    cid: str
    status: str


@dataclass
class Repository:
    """What one account holds, by collection and key, and its latest commit."""

    records: dict[str, dict[str, Record]] = field(default_factory=dict)
    commit: str = ""
    rev: str = ""


@dataclass
class Repos:
    """The methods of com.atproto.repo."""

    world: World
    platform: Platform
    sessions: Sessions
    rations: Rations
    blobs: Blobs
    held: dict[str, Repository] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            step(
                self.world,
                self.platform,
                name,
                method,
                f"/{PDS}/xrpc/com.atproto.{path}",
                self.rations.counted(do),
            )
            for name, method, path, do in (
                ("create_post", "POST", "repo.createRecord", self.create),
                ("put_post", "POST", "repo.putRecord", self.put),
                ("delete_post", "POST", "repo.deleteRecord", self.delete),
                ("get_post", "GET", "repo.getRecord", self.get),
                ("list_posts", "GET", "repo.listRecords", self.listed),
                ("describe", "GET", "repo.describeRepo", self.describe),
                ("describe", "GET", "sync.getLatestCommit", self.latest),
            )
        ]

    async def create(self, request: Request) -> Response:
        """Create a record; under a key that is taken the server fails, and does not say why."""
        said = await body(request, "repo", "collection")
        person = self._writer(request, "create_post", said, CREATE)
        record, status = _checked(said, key := str(said.get("rkey") or tid(self.world.now())))
        held = self.of(person.id)
        with self.world.lock:
            if key in held.records.get(said["collection"], {}):
                raise Refusal(outage(500))
            _swap_commit(held, said)
            made = self._write(person, said["collection"], key, record, status, "create_post")
        return answer(200, made | self._commit(person.id))

    async def put(self, request: Request) -> Response:
        """Create or replace a record; the same record again changes nothing."""
        said = await body(request, "repo", "collection", "rkey")
        person = self._writer(request, "put_post", said, UPDATE)
        key = said["rkey"]
        record, status = _checked(said, key)
        held = self.of(person.id)
        with self.world.lock:
            known = held.records.get(said["collection"], {}).get(key)
            if known is not None and known.cid == cid_of_record(record):
                return answer(200, self._told(person.id, said["collection"], key, known))
            if "swapRecord" in said:
                wanted, there = said["swapRecord"], known.cid if known else None
                if wanted is not None and not is_cid(wanted):
                    raise invalid("swapRecord must be a cid string")
                if wanted != there:
                    raise invalid(f"Record was at {there or 'null'}", "InvalidSwap")
            _swap_commit(held, said)
            made = self._write(person, said["collection"], key, record, status, "put_post")
        return answer(200, made | self._commit(person.id))

    async def delete(self, request: Request) -> Response:
        """Delete a record; one that is not there is no error."""
        said = await body(request, "repo", "collection", "rkey")
        person = self._writer(request, "delete_post", said, DELETE)
        held = self.of(person.id)
        with self.world.lock:
            known = held.records.get(said["collection"], {}).get(said["rkey"])
            if known is None:
                return answer(200, {})
            if said.get("swapRecord") not in (None, known.cid):
                raise invalid(f"Record was at {known.cid}", "InvalidSwap")
            _swap_commit(held, said)
            del held.records[said["collection"]][said["rkey"]]
            post = self.world.post(NAME, uri(person.id, said["collection"], said["rkey"]))
            if post is not None:
                post.deleted = True
        return answer(200, self._commit(person.id))

    async def get(self, request: Request) -> Response:
        """A record, as the account's own server has it: at once."""
        said = asked(request, "repo", "collection", "rkey")
        person = self._repo(said["repo"])
        known = self.of(person.id).records.get(said["collection"], {}).get(said["rkey"])
        here = uri(person.id, said["collection"], said["rkey"])
        if known is None or said.get("cid", known.cid) != known.cid:
            raise invalid(f"Could not locate record: {here}", "RecordNotFound")
        return answer(200, {"uri": here, "cid": known.cid, "value": known.value})

    async def listed(self, request: Request) -> Response:
        """The records of a collection, the newest first."""
        said = asked(request, "repo", "collection")
        person = self._repo(said["repo"])
        limit = whole(said, "limit", 50, 100)
        held = self.of(person.id).records.get(said["collection"], {})
        forward = said.get("reverse") == "true"
        keys = sorted(held, reverse=not forward)
        if cursor := said.get("cursor"):
            keys = [key for key in keys if (key > cursor if forward else key < cursor)]
        found: dict[str, Any] = {
            "records": [
                {
                    "uri": uri(person.id, said["collection"], key),
                    "cid": held[key].cid,
                    "value": held[key].value,
                }
                for key in keys[:limit]
            ]
        }
        if keys[:limit]:
            found["cursor"] = keys[:limit][-1]
        return answer(200, found)

    async def describe(self, request: Request) -> Response:
        """Whose repository it is, and what it holds."""
        person = self._repo(asked(request, "repo")["repo"])
        return answer(
            200,
            {
                "handle": person.username,
                "did": person.id,
                "didDoc": did_doc(self.world, person),
                "collections": sorted(self.of(person.id).records),
                "handleIsCorrect": True,
            },
        )

    async def latest(self, request: Request) -> Response:
        """The latest commit, which changes with every write."""
        person = self._repo(asked(request, "did")["did"])
        held = self.of(person.id)
        return answer(200, {"cid": held.commit, "rev": held.rev})

    def of(self, did: str) -> Repository:
        """The account's repository; at first it holds the account's profile."""
        held = self.held.get(did)
        if held is None:
            held = self.held[did] = Repository()
            person = self.world.person(NAME, did)
            value = {"$type": _PROFILE, "displayName": person.name if person else ""}
            held.records[_PROFILE] = {"self": Record(value, cid_of_record(value), "valid")}
            self._commit(did)
        return held

    def _writer(
        self, request: Request, step_name: str, said: dict[str, Any], points: int
    ) -> Person:
        person = self.sessions.admit(request, step_name, *WRITE_SCOPES)
        self.rations.spend(request, person.id, ["write-hour", "write-day"], points)
        owner = somebody(self.world, said["repo"])
        if owner is None:
            raise stop(403, "AccountNotFound", "Account not found")
        if owner.id != person.id:
            raise stop(401, "AuthenticationRequired", "Authentication Required")
        return person

    def _repo(self, actor: str) -> Person:
        person = somebody(self.world, actor)
        if person is None:
            raise invalid(f"Could not find repo: {actor}")
        return person

    def _write(
        self,
        person: Person,
        collection: str,
        key: str,
        record: dict[str, Any],
        status: str,
        step_name: str,
    ) -> dict[str, Any]:
        blobs = self.blobs.claim(person.id, record, step_name)
        made = Record(record, cid_of_record(record), status)
        self.of(person.id).records.setdefault(collection, {})[key] = made
        if collection == bluesky_lexicon.POST:
            self._show(person, key, made, blobs)
        return self._told(person.id, collection, key, made)

    def _show(self, person: Person, key: str, made: Record, blobs: list[Blob]) -> None:
        """Put a post on the timeline, or change the one that stands there."""
        record, here = made.value, uri(person.id, bluesky_lexicon.POST, key)
        embed = record.get("embed") or {}
        kept = {
            "cid": made.cid,
            "rkey": key,
            "record": record,
            "langs": record.get("langs", []),
            "facets": record.get("facets", []),
            "tags": record.get("tags", []),
            "labels": record.get("labels"),
            "reply": record.get("reply"),
            "alt": [blob.alt for blob in blobs],
        }
        known = self.world.post(NAME, here)
        if known is not None:
            known.text, known.blobs = str(record.get("text", "")), blobs
            known.extra.update(kept)
            return
        self.world.publish(
            NAME,
            person.id,
            str(record.get("text", "")),
            blobs,
            id=here,
            kind=str(embed.get("$type", "text")).rpartition(".")[2],
            permalink=self.world.url("bsky.app", f"profile/{person.username}/post/{key}"),
            **kept,
        )

    def _told(self, did: str, collection: str, key: str, record: Record) -> dict[str, Any]:
        said = {"uri": uri(did, collection, key), "cid": record.cid}
        return said | ({"validationStatus": record.status} if record.status else {})

    def _commit(self, did: str) -> dict[str, Any]:
        held = self.held[did]
        held.rev = tid(self.world.now())
        held.commit = cid_of_record({"did": did, "rev": held.rev, "version": 3})
        return {"commit": {"cid": held.commit, "rev": held.rev}}


def uri(did: str, collection: str, key: str) -> str:
    """A record's address."""
    return f"at://{did}/{collection}/{key}"


def _checked(said: dict[str, Any], key: str) -> tuple[dict[str, Any], str]:
    """The record with its `$type`, and how its validation went."""
    collection, record, validate = said["collection"], said.get("record"), said.get("validate")
    if not _NSID.fullmatch(collection):
        raise invalid("collection must be a valid nsid")
    if not isinstance(record, dict):
        raise invalid('Missing required key "record" at $')
    if record.get("$type", collection) != collection:
        raise invalid(f"Invalid $type: expected {collection}, got {record['$type']}")
    if not _KEY.fullmatch(key) or key in (".", ".."):
        raise invalid(f"Invalid record key: {key}")
    record = {"$type": collection, **record}
    status = ""
    if validate is not False:
        status = "unknown"
        if collection == bluesky_lexicon.POST:
            status = "valid"
            _check_post(record, key)
        elif validate is True:
            raise invalid(f"Unknown lexicon type: {collection}")
    try:
        cid_of_record(record)
    except ValueError as error:
        raise invalid(f"The record cannot be stored: {error}") from None
    return record, status


def _check_post(record: dict[str, Any], key: str) -> None:
    name = bluesky_lexicon.POST
    if not TID.fullmatch(key):
        raise invalid(f"Invalid record key for {name}: the key must be a TID")
    try:
        bluesky_lexicon.check_post(record)
    except ValueError as error:
        raise invalid(f"Invalid {name} record: {error}") from None


def _swap_commit(held: Repository, said: dict[str, Any]) -> None:
    if said.get("swapCommit") not in (None, held.commit):
        raise invalid(f"Commit was at {held.commit}", "InvalidSwap")
