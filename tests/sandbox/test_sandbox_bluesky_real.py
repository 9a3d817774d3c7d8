"""The stand-in for Bluesky answers as a real server does to the same requests."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.counterparts.pds import Server
from tests.sandbox.bluesky_hand import CLIENT, PDS, POST, Prover, Session, png, post, tid

EMBED = "app.bsky.embed."
FACET = "app.bsky.richtext.facet#"
CID = "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a"


@dataclass
class Real:
    """A real server under the same names as the stand-in."""

    url: str
    client: httpx.Client

    def at(self, _host: str, path: str = "") -> str:
        return f"{self.url}/{path}"


@pytest.fixture(scope="module")
def pair(run_sandbox: Callable[..., Any], pds: Server) -> tuple[Session, Session]:
    person = pds.person()
    real = Real(pds.url, httpx.Client(timeout=60))
    return Session(run_sandbox("bluesky")), Session.of(
        real, person.did, person.handle, person.password
    )


def told(answer: httpx.Response) -> tuple[int, str | None]:
    """What a client goes by: the status, and the error's name."""
    said = answer.json() if answer.content else {}
    return answer.status_code, said.get("error")


def facet(**change: Any) -> list[dict[str, Any]]:
    feature = {"$type": f"{FACET}link", "uri": "https://example.org"}
    whole = {"index": {"byteStart": 0, "byteEnd": 4}, "features": [feature]}
    return [whole | change]


RECORDS: dict[str, dict[str, Any]] = {
    "plain": post(),
    "empty": post(""),
    "300 characters": post("a" * 300),
    "301 characters": post("a" * 301),
    "300 of many bytes": post("👩‍🚀" * 300),
    "272 of many bytes": post("👩‍🚀" * 272),
    "conjuncts": post("क्षि" * 300),
    "flags": post("🇸🇦" * 300),
    "one flag too many": post("🇸🇦" * 301),
    "Arabic with marks": post("بِسْمِ ٱللَّهِ " * 20),
    "no text": {"$type": POST, "createdAt": "2026-11-01T10:00:00Z"},
    "text a number": post() | {"text": 5},
    "no date": {"$type": POST, "text": "x"},
    "date without a zone": post() | {"createdAt": "2026-11-01T10:00:00"},
    "date in words": post() | {"createdAt": "yesterday"},
    "another type": post() | {"$type": "app.bsky.feed.like"},
    "three languages": post(langs=["en", "ar", "tr"]),
    "four languages": post(langs=["en", "ar", "tr", "id"]),
    "no language": post(langs=["not a language"]),
    "eight tags": post(tags=["a"] * 8),
    "nine tags": post(tags=["a"] * 9),
    "a long tag": post(tags=["a" * 65]),
    "an unknown field": post(hello="world"),
    "a fraction": post(weight=1.5),
    "a facet": post(facets=facet()),
    "a facet out of range": post(facets=facet(index={"byteStart": 900, "byteEnd": 990})),
    "a facet below zero": post(facets=facet(index={"byteStart": -1, "byteEnd": 2})),
    "a facet without end": post(facets=facet(index={"byteStart": 1})),
    "a facet without features": post(facets=[{"index": {"byteStart": 0, "byteEnd": 1}}]),
    "a link that is none": post(facets=facet(features=[{"$type": f"{FACET}link", "uri": "x"}])),
    "a mention that is none": post(
        facets=facet(features=[{"$type": f"{FACET}mention", "did": "me"}])
    ),
    "a tag too long": post(facets=facet(features=[{"$type": f"{FACET}tag", "tag": "x" * 65}])),
    "an unknown feature": post(facets=facet(features=[{"$type": f"{FACET}bold"}])),
    "an unknown embed": post(embed={"$type": "org.example.thing", "x": 1}),
    "an embed without type": post(embed={"images": []}),
    "no pictures": post(embed={"$type": f"{EMBED}images", "images": []}),
    "pictures missing": post(embed={"$type": f"{EMBED}images"}),
    "a card": post(
        embed={
            "$type": f"{EMBED}external",
            "external": {"uri": "https://example.org", "title": "t", "description": "d"},
        }
    ),
    "a card without description": post(
        embed={
            "$type": f"{EMBED}external",
            "external": {"uri": "https://example.org", "title": "t"},
        }
    ),
    "a reply without parent": post(reply={"root": {"uri": f"at://did:plc:x/{POST}/3", "cid": CID}}),
    "a quote without cid": post(
        embed={"$type": f"{EMBED}record", "record": {"uri": "at://did:plc:x"}}
    ),
    "labels": post(
        labels={"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "nudity"}]}
    ),
    "a label without value": post(
        labels={"$type": "com.atproto.label.defs#selfLabels", "values": [{}]}
    ),
    "a blob that is not there": post(
        embed={
            "$type": f"{EMBED}images",
            "images": [
                {
                    "alt": "",
                    "image": {
                        "$type": "blob",
                        "ref": {
                            "$link": "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq"
                        },
                        "mimeType": "image/png",
                        "size": 5,
                    },
                }
            ],
        }
    ),
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_taken_or_refused_alike(pair: tuple[Session, Session], name: str) -> None:
    ours, real = (each.create(RECORDS[name]) for each in pair)
    assert told(ours) == told(real), (ours.text, real.text)
    if real.status_code == 200:
        assert ours.json()["cid"] == real.json()["cid"]
        assert ours.json()["validationStatus"] == real.json()["validationStatus"]


def with_pictures(session: Session, count: int, **more: Any) -> httpx.Response:
    shown = [{"image": session.blob(png(colour=1)), "alt": "", **more} for _ in range(count)]
    return session.create(post(embed={"$type": f"{EMBED}images", "images": shown}))


def without_alt(session: Session) -> httpx.Response:
    shown = [{"image": session.blob()}]
    return session.create(post(embed={"$type": f"{EMBED}images", "images": shown}))


def gallery(session: Session, **more: Any) -> httpx.Response:
    items = [{"$type": f"{EMBED}gallery#image", "image": session.blob(), "alt": "", **more}]
    return session.create(post(embed={"$type": f"{EMBED}gallery", "items": items}))


def wrong_size(session: Session) -> httpx.Response:
    shown = [{"image": session.blob() | {"size": 3}, "alt": ""}]
    return session.create(post(embed={"$type": f"{EMBED}images", "images": shown}))


def wrong_kind(session: Session) -> httpx.Response:
    shown = [{"image": session.blob() | {"mimeType": "image/jpeg"}, "alt": ""}]
    return session.create(post(embed={"$type": f"{EMBED}images", "images": shown}))


def text_as_picture(session: Session) -> httpx.Response:
    shown = [{"image": session.blob(b"just words", "text/plain"), "alt": ""}]
    return session.create(post(embed={"$type": f"{EMBED}images", "images": shown}))


def heavy(session: Session, size: int) -> httpx.Response:
    content = png() + bytes(size)
    shown = [{"image": session.blob(content), "alt": ""}]
    return session.create(post(embed={"$type": f"{EMBED}images", "images": shown}))


def taken(session: Session) -> httpx.Response:
    key = tid()
    session.create(post(), rkey=key)
    return session.create(post(), rkey=key)


def put_twice(session: Session, **more: Any) -> httpx.Response:
    key = tid()
    session.put(post(), key)
    answer = session.put(post(), key, **more)
    assert "commit" not in answer.json() or answer.json()["commit"] is None
    return answer


def put_other(session: Session, **more: Any) -> httpx.Response:
    key = tid()
    session.put(post(), key)
    return session.put(post("other"), key, **more)


def gone(session: Session) -> httpx.Response:
    return session.delete(tid())


def elsewhere(session: Session) -> httpx.Response:
    body = {"repo": "did:plc:ewvi7nxzyoun6zhxrhs64oiz", "collection": POST, "record": post()}
    return session.ask("POST", "com.atproto.repo.createRecord", body)


def refresh(session: Session, token: str) -> httpx.Response:
    return session.ask("POST", "com.atproto.server.refreshSession", token=token)


WAYS: dict[str, Callable[[Session], httpx.Response]] = {
    "four pictures": lambda s: with_pictures(s, 4),
    "five pictures": lambda s: with_pictures(s, 5),
    "a ratio": lambda s: with_pictures(s, 1, aspectRatio={"width": 9, "height": 16}),
    "a ratio of nothing": lambda s: with_pictures(s, 1, aspectRatio={"width": 0, "height": 16}),
    "no alt": without_alt,
    "a gallery": lambda s: gallery(s, aspectRatio={"width": 1, "height": 1}),
    "a gallery without ratio": gallery,
    "a wrong size": wrong_size,
    "a wrong kind": wrong_kind,
    "words as a picture": text_as_picture,
    "1.9 MB": lambda s: heavy(s, 1_900_000),
    "2.1 MB": lambda s: heavy(s, 2_100_000),
    "a key that is no TID": lambda s: s.put(post(), "self"),
    "a key with a slash": lambda s: s.put(post(), "a/b"),
    "a key that is taken": taken,
    "the same put twice": put_twice,
    "the same put twice, expecting nothing": lambda s: put_twice(s, swapRecord=None),
    "another put, expecting nothing": lambda s: put_other(s, swapRecord=None),
    "another put, expecting something else": lambda s: put_other(s, swapRecord=CID),
    "another put": put_other,
    "a put that expects what is not there": lambda s: s.put(post(), tid(), swapRecord=CID),
    "a deletion of nothing": gone,
    "a record that is not there": lambda s: s.get(tid()),
    "somebody else's repository": elsewhere,
    "an unknown collection": lambda s: s.ask(
        "POST",
        "com.atproto.repo.createRecord",
        {"repo": s.did, "collection": "org.example.thing", "record": {"x": 1}},
    ),
    "an unknown collection to be validated": lambda s: s.ask(
        "POST",
        "com.atproto.repo.createRecord",
        {"repo": s.did, "collection": "org.example.thing", "record": {"x": 1}, "validate": True},
    ),
    "no body": lambda s: s.ask("POST", "com.atproto.repo.createRecord"),
    "an empty body": lambda s: s.ask("POST", "com.atproto.repo.createRecord", {}),
    "no token": lambda s: s.ask("GET", "com.atproto.server.getSession", token=""),
    "a token of nonsense": lambda s: s.ask("GET", "com.atproto.server.getSession", token="x"),
    "a refresh token for reading": lambda s: s.ask(
        "GET", "com.atproto.server.getSession", token=s.tokens["refreshJwt"]
    ),
    "an access token for refreshing": lambda s: refresh(s, s.tokens["accessJwt"]),
    "a refresh": lambda s: refresh(s, s.tokens["refreshJwt"]),
    "the same refresh again": lambda s: refresh(s, s.tokens["refreshJwt"]),
    "a wrong password": lambda s: s.log_in("wrong"),
    "an unknown handle": lambda s: s.ask(
        "GET", "com.atproto.identity.resolveHandle", token="", handle="nobody.test"
    ),
}


@pytest.mark.parametrize("name", WAYS)
def test_the_same_request_gets_the_same_answer(pair: tuple[Session, Session], name: str) -> None:
    ours, real = (WAYS[name](each) for each in pair)
    assert told(ours) == told(real), (ours.text, real.text)
    if real.status_code == 200:
        assert ours.json().get("validationStatus") == real.json().get("validationStatus")


# OAuth, as far as it goes without a browser


@pytest.fixture(scope="module")
def provers(run_sandbox: Callable[..., Any], pds: Server) -> tuple[Prover, Prover]:
    made = []
    for stand in (run_sandbox("bluesky"), Real(pds.url, httpx.Client(timeout=60))):
        prover = Prover(stand)
        known = stand.client.get(stand.at(PDS, ".well-known/oauth-authorization-server")).json()
        prover.issuer = known["issuer"].rstrip("/")
        made.append(prover)
    return made[0], made[1]


def pushed(prover: Prover, **how: Any) -> httpx.Response:
    prover.push()
    return prover.send("POST", f"{prover.issuer}/oauth/par", data=prover.form(), **how)


def proofless(prover: Prover, path: str) -> httpx.Response:
    answer: httpx.Response = prover.http.post(
        f"{prover.issuer}/oauth/{path}",
        data={"client_id": CLIENT, "grant_type": "refresh_token", "refresh_token": "ref-x"},
    )
    return answer


def replayed(prover: Prover) -> httpx.Response:
    prover.push()
    proof = prover.proof("POST", f"{prover.issuer}/oauth/par")
    assert pushed_with(prover, proof).status_code == 201
    return pushed_with(prover, proof)


def pushed_with(prover: Prover, proof: str) -> httpx.Response:
    url = f"{prover.issuer}/oauth/par"
    return prover.send("POST", url, data=prover.form(), proof=proof)


def resource(prover: Prover, **how: Any) -> httpx.Response:
    return prover.send("GET", prover.xrpc("com.atproto.server.getSession"), **how)


FLOWS: dict[str, Callable[[Prover], httpx.Response]] = {
    "no nonce": lambda p: pushed(p, claims={"nonce": None}),
    "a nonce of nobody's": lambda p: pushed(p, claims={"nonce": "x"}),
    "another method's proof": lambda p: pushed(p, claims={"htm": "GET"}),
    "another address's proof": lambda p: pushed(p, claims={"htu": "https://example.org/"}),
    "an old proof": lambda p: pushed(p, claims={"iat": 1_700_000_000}),
    "a proof without name": lambda p: pushed(p, claims={"jti": ""}),
    "a proof for a token": lambda p: pushed(p, claims={"ath": "x"}),
    "nonsense for a proof": lambda p: pushed(p, proof="a.b.c"),
    "a proof twice": replayed,
    "no proof for a token": lambda p: proofless(p, "token"),
    "a request": lambda p: p.push(),
    "no PKCE": lambda p: p.push(code_challenge=None, code_challenge_method=None),
    "plain PKCE": lambda p: p.push(code_challenge_method="plain"),
    "another redirect": lambda p: p.push(redirect_uri="https://example.org/cb"),
    "a body without a type": lambda p: p.push(response_type=None),
    "a redirect with any port": lambda p: p.push(
        client_id="http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%2Fcb&scope=atproto",
        redirect_uri="http://127.0.0.1:4999/cb",
        scope="atproto",
    ),
    "a client without any parameters": lambda p: p.push(
        client_id="http://localhost", redirect_uri="http://[::1]:4999/", scope="atproto"
    ),
    "a hint of nobody": lambda p: p.push(login_hint="not a handle"),
    "the redirect on another port": lambda p: p.push(
        redirect_uri="http://127.0.0.1:4999/oauth/callback"
    ),
    "an undeclared scope": lambda p: p.push(scope="atproto transition:chat.bsky"),
    "no atproto scope": lambda p: p.push(scope="transition:generic"),
    "an implicit flow": lambda p: p.push(response_type="token"),
    "a redirect to localhost": lambda p: p.push(
        client_id="http://localhost?redirect_uri=http%3A%2F%2Flocalhost%2Fcb"
    ),
    "a client with a path": lambda p: p.push(client_id="http://localhost/app"),
    "a code of nobody's": lambda p: p.redeem("cod-x"),
    "a refresh token of nobody's": lambda p: p.refresh("ref-x"),
    "another grant": lambda p: p.refresh("x", grant_type="password"),
    "a token of nobody's": lambda p: resource(p, token="x"),
}


def demand(answer: httpx.Response) -> list[str]:
    """What the WWW-Authenticate header names, without the list of algorithms."""
    said = answer.headers.get("www-authenticate", "")
    return re.findall(r'^\w+|error="\w+"', said)


@pytest.mark.parametrize("name", FLOWS)
def test_the_same_step_of_oauth_gets_the_same_answer(
    provers: tuple[Prover, Prover], name: str
) -> None:
    ours, real = (FLOWS[name](each) for each in provers)
    assert told(ours) == told(real), (ours.text, real.text)
    assert demand(ours) == demand(real)
