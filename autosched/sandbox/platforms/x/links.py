"""How X gives a text back: with its addresses shortened, and told one by one."""

from __future__ import annotations

import hashlib
import html
import re
from typing import Any

from autosched.sandbox.platforms.x import text as count
from autosched.sandbox.world import Post

ESCAPES = True  # `&`, `<` and `>` come back as entities, as the API has always done


def shortened(post: Post) -> tuple[str, list[dict[str, Any]]]:
    """The text as X gives it back, with every address replaced by a short one, and what they are.

    Attached media add a short address of their own at the end.
    """
    pieces, urls, at, length = [], [], 0, 0

    def add(piece: str) -> None:
        nonlocal length
        piece = html.escape(piece, quote=False) if ESCAPES else piece
        pieces.append(piece)
        length += len(piece)

    for n, address in enumerate(count.addresses(post.text)):
        add(post.text[at : address.start])
        urls.append(_entity(post, n, length, address.url))
        add(urls[-1]["url"])
        at = address.end
    add(post.text[at:])
    for n, key in enumerate(post.extra.get("media_keys", [])):
        if n == 0:
            add(" " if post.text else "")
            urls.append(_entity(post, 99, length, f"{post.permalink}/photo/1") | {"media_key": key})
            add(urls[-1]["url"])
        else:
            urls.append({**urls[-1], "media_key": key})
    return "".join(pieces), urls


def _entity(post: Post, n: int, start: int, url: str) -> dict[str, Any]:
    whole = url if url.lower().startswith("http") else f"http://{url}"
    slug = hashlib.sha256(f"{post.id}{n}".encode()).hexdigest()[:10]
    shown = re.sub(r"^https?://(www\.)?", "", whole)
    return {
        "start": start,
        "end": start + count.ADDRESS,
        "url": f"https://t.co/{slug}",
        "expanded_url": whole,
        "display_url": shown if len(shown) <= 27 else f"{shown[:26]}…",
    }
