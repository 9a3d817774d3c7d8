"""What was posted, as a page to look at: newest first, each as a card with its pictures."""

from __future__ import annotations

import html
import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.responses import HTMLResponse, Response

from autosched.sandbox.world import Blob, Post, World

_SHOWN = 200
_LONGEST_OPTION = 200
_HIDDEN = frozenset({"media", "media_keys", "media_ids", "draft"})
_NAMES = {"x": "X", "tiktok": "TikTok", "youtube": "YouTube", "linkedin": "LinkedIn"}
_COLOURS = {
    "x": "#0f1419",
    "instagram": "#c13584",
    "facebook": "#0866ff",
    "tiktok": "#00767d",
    "youtube": "#c4302b",
    "linkedin": "#0a66c2",
    "bluesky": "#0069d9",
    "mastodon": "#563acc",
}
_STYLE = """
:root{color-scheme:light dark;--ground:#f1f5f9;--card:#fff;--ink:#0f172a;--soft:#5b6b80;
 --line:#e2e8f0;--chip:#f1f5f9}
@media (prefers-color-scheme:dark){:root{--ground:#0b1120;--card:#151d2f;--ink:#e8eef7;
 --soft:#9aabc2;--line:#26324a;--chip:#1f2a40}}
*{box-sizing:border-box} body{margin:0;background:var(--ground);color:var(--ink);
 font:16px/1.55 system-ui,"Noto Sans Arabic","Noto Sans",sans-serif}
a{color:inherit} header,main{max-width:640px;margin:0 auto;padding:0 16px}
header{padding-top:28px} h1{font-size:24px;margin:0} .note{color:var(--soft);margin:2px 0 16px}
nav{display:flex;flex-wrap:wrap;gap:8px;margin-bottom:18px}
nav a{display:inline-flex;gap:8px;align-items:center;text-decoration:none;padding:5px 13px;
 border:1px solid var(--line);border-radius:999px;background:var(--card);font-size:14px}
nav a[aria-current]{border-color:var(--ink);font-weight:600} nav b{font-weight:400;
 color:var(--soft)} nav i{width:9px;height:9px;border-radius:50%;background:var(--own)}
article{background:var(--card);border:1px solid var(--line);border-radius:16px;padding:18px;
 margin-bottom:16px;border-inline-start:5px solid var(--own)}
article.gone{opacity:.55} .who{display:flex;gap:12px;align-items:center}
.face{flex:none;width:42px;height:42px;border-radius:50%;background:var(--own);color:#fff;
 display:grid;place-items:center;font-weight:600;letter-spacing:.02em}
.who div{min-width:0;flex:1} .who strong,.who small{display:block;overflow:hidden;
 text-overflow:ellipsis;white-space:nowrap} .who small,time,.when{color:var(--soft);font-size:14px}
.kind{flex:none;font-size:12px;padding:2px 10px;border-radius:999px;background:var(--chip)}
.text{margin:14px 0 0;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext}
.gone .text{text-decoration:line-through} .media{display:grid;gap:4px;margin-top:14px;
 grid-template-columns:repeat(auto-fit,minmax(min(100%,200px),1fr));border-radius:12px;
 overflow:hidden} figure{margin:0;background:var(--chip)}
img,video{display:block;width:100%;max-height:640px;object-fit:contain}
figcaption{font-size:13px;color:var(--soft);padding:5px 10px} .file{display:block;padding:14px}
dl{display:flex;flex-wrap:wrap;gap:6px;margin:14px 0 0} dl div{background:var(--chip);
 border-radius:8px;padding:3px 10px;font-size:13px;max-width:100%;overflow-wrap:anywhere}
dt,dd{display:inline;margin:0} dt{color:var(--soft)} dt::after{content:" "}
.when{margin:14px 0 0} .empty{text-align:center;color:var(--soft);padding:12vh 0}
"""


def page(world: World, platform: str | None) -> Response:
    """The timeline of all platforms, or of one."""
    with world.lock:
        posts = list(world.posts)
    counted = Counter(post.platform for post in posts)
    wanted = [post for post in reversed(posts) if platform in (None, post.platform)]
    cards = "".join(_card(world, post) for post in wanted[:_SHOWN])
    more = f"The newest {_SHOWN} of {len(wanted)} posts. " if len(wanted) > _SHOWN else ""
    return _whole(
        "What was posted",
        f'<header><h1>What was posted</h1><p class="note">{more}A stand-in on this machine: '
        f"nothing here has reached the real platforms.</p>{_filters(counted, platform)}</header>"
        f"<main>{cards or '<p class=empty>Nothing has been posted here yet.</p>'}</main>",
    )


def single(world: World, post: Post | None) -> Response:
    """The page at a post's own address."""
    if post is None:
        return _whole(
            "Not found", "<main><p class=empty>There is no such post.</p></main>", status=404
        )
    return _whole("A post", f'<main style="padding-top:28px">{_card(world, post)}</main>')


def _whole(title: str, body: str, status: int = 200) -> Response:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)} (sandbox)</title><style>{_STYLE}</style></head>"
        f"<body>{body}</body></html>",
        status_code=status,
    )


def _filters(counted: Counter[str], chosen: str | None) -> str:
    def link(name: str | None, label: str, number: int) -> str:
        where = f"/?platform={quote(name)}" if name else "/"
        current = ' aria-current="page"' if name == chosen else ""
        dot = f'<i style="--own:{_colour(name)}"></i>' if name else ""
        return f'<a href="{where}"{current}>{dot}{html.escape(label)} <b>{number}</b></a>'

    links = [link(None, "All", counted.total())]
    links += [link(name, _name(name), counted[name]) for name in sorted(counted)]
    return f'<nav aria-label="Platforms">{"".join(links)}</nav>'


def _card(world: World, post: Post) -> str:
    esc = html.escape
    person = world.person(post.platform, post.owner)
    name = person.name if person else post.owner
    handle = f"@{person.username} · {_name(post.platform)}" if person else _name(post.platform)
    kind = "deleted" if post.deleted else "draft" if post.extra.get("draft") else post.kind
    text = f'<p class="text" dir="auto">{esc(post.text)}</p>' if post.text else ""
    media = "".join(_medium(blob) for blob in post.blobs)
    return (
        f'<article style="--own:{_colour(post.platform)}"{" class=gone" if post.deleted else ""}>'
        f'<div class="who"><span class="face" aria-hidden="true">{esc(_initials(name))}</span>'
        f'<div><strong dir="auto">{esc(name)}</strong><small>{esc(handle)}</small></div>'
        f'<span class="kind">{esc(kind)}</span></div>{text}'
        f"{f'<div class=media>{media}</div>' if media else ''}{_options(post.extra)}"
        f'<p class="when">{_when(post)}</p></article>'
    )


def _when(post: Post) -> str:
    moment = datetime.fromtimestamp(post.created_at, UTC)
    shown = moment.strftime("%d %b %Y, %H:%M:%S UTC")
    time = f'<time datetime="{moment.isoformat()}">{shown}</time>'
    if urlsplit(post.permalink).scheme in ("http", "https"):
        return f'<a href="{html.escape(post.permalink)}">{time}</a>'
    return time


def _medium(blob: Blob) -> str:
    source = f"/_sandbox/media/{quote(blob.path.name)}"
    alt = html.escape(blob.alt)
    if blob.mime.startswith("image/"):
        shown = f'<img src="{source}" alt="{alt}" loading="lazy">'
    elif blob.mime.startswith("video/"):
        shown = (
            f'<video src="{source}" controls preload="metadata" playsinline'
            f"{f' aria-label={chr(34)}{alt}{chr(34)}' if alt else ''}></video>"
        )
    else:
        size = f"{blob.size:,} bytes"
        shown = f'<a class="file" href="{source}">{html.escape(blob.mime or "a file")}, {size}</a>'
    caption = f'<figcaption dir="auto">{alt}</figcaption>' if alt else ""
    return f"<figure>{shown}{caption}</figure>"


def _options(extra: dict[str, Any]) -> str:
    """What else was asked for; what says nothing is left out."""
    rows = "".join(
        f"<div><dt>{html.escape(name.replace('_', ' '))}</dt>"
        f'<dd dir="auto">{html.escape(_short(value))}</dd></div>'
        for name, value in extra.items()
        if name not in _HIDDEN and value not in (None, "", [], {}, False)
    )
    return f"<dl>{rows}</dl>" if rows else ""


def _short(value: Any) -> str:
    if value is True:
        return "yes"
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return said if len(said) <= _LONGEST_OPTION else f"{said[:_LONGEST_OPTION]}…"


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[:1].isalnum()] or [name.strip() or "?"]
    return "".join(word[0] for word in words[:2]).upper()


def _name(platform: str) -> str:
    return _NAMES.get(platform, platform.capitalize())


def _colour(platform: str | None) -> str:
    return _COLOURS.get(platform or "", "#475569")
