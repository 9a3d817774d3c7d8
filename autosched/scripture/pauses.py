"""Where a verse may be divided: after the pause marks that the mushaf itself prints."""

from __future__ import annotations

# Stop or go on: preferably on, preferably stop, necessarily stop, either; the place of prostration.
_STOPS = frozenset("\u06d6\u06d7\u06d8\u06da\u06e9")
# The pair of three dots: a reader stops at one of the two and never at both.
_PAIR = "\u06db"


def pauses(arabic: str) -> list[str]:
    """Pieces of a verse, each ending where a reader may pause.

    Joined with single spaces they give the text back byte for byte. A verse without pause marks
    is one piece. There is no cut after "do not stop" (U+06D9) or a pause without breath (U+06DC),
    and of a pair of three dots the second is the one that is used.
    """
    pieces: list[list[str]] = [[]]
    tokens = arabic.split(" ")
    half_of_pair = False
    for index, token in enumerate(tokens):
        pieces[-1].append(token)
        stops = not _STOPS.isdisjoint(token)
        if _PAIR in token:
            stops = stops or half_of_pair
            half_of_pair = not half_of_pair
        if stops and index + 1 < len(tokens):
            pieces.append([])
    return [" ".join(piece) for piece in pieces]
