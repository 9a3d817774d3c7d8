"""The common names of figures: what a person compares across platforms.

Each platform maps its own names to these; what has no common meaning stays under its own name.
"""

from __future__ import annotations

VIEWS = "views"
IMPRESSIONS = "impressions"
REACH = "reach"
LIKES = "likes"
COMMENTS = "comments"
SHARES = "shares"
QUOTES = "quotes"
SAVES = "saves"
CLICKS = "clicks"
FOLLOWS = "follows"
ENGAGEMENTS = "engagements"
WATCH_SECONDS = "watch_seconds"
AVERAGE_WATCH_SECONDS = "average_watch_seconds"

ALL = (
    VIEWS,
    IMPRESSIONS,
    REACH,
    LIKES,
    COMMENTS,
    SHARES,
    QUOTES,
    SAVES,
    CLICKS,
    FOLLOWS,
    ENGAGEMENTS,
    WATCH_SECONDS,
    AVERAGE_WATCH_SECONDS,
)
