"""What can be connected, and how each account stands: plain data for the page, in its language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from autosched import clock
from autosched.errors import AutoschedError, NotFoundError
from autosched.platforms import apps, registry
from autosched.platforms.base import Field, Platform
from autosched.schedule import consents
from autosched.schedule.models import Account
from autosched.schedule.trouble import SOON, Trouble
from autosched.ui.words import known

# What a person gets of each platform.
ABOUT: Mapping[str, str] = {
    "bluesky": "Posts with pictures and video go out by themselves, at the planned minute.",
    "facebook": "Posts, photos, videos and reels on your pages.",
    "folder": "For everything that is posted by hand: the video, the caption and the details are"
    " laid into a folder, ready at the planned minute.",
    "instagram": "Pictures, carousels, reels and stories, on professional accounts.",
    "linkedin": "Posts, pictures, videos and documents, as yourself or as your organisation.",
    "mastodon": "Posts with pictures and video, on whichever server your account is.",
    "tiktok": "Videos and photos, or a draft in your inbox to be finished in the app.",
    "x": "Posts, pictures, videos and threads. X charges for posts: you see how much before.",
    "youtube": "Videos and Shorts, with title, tags and cover.",
}
# What a person needs for a platform's form.
NEEDS: Mapping[str, str] = {
    "bluesky": "You need an app password, not your own one: it can be withdrawn at any time.",
    "folder": "The folder is on the computer that runs autosched.",
}
# Fields that are a choice, with the words for it.
WAYS: Mapping[tuple[str, str], Sequence[tuple[str, str]]] = {
    ("instagram", "login"): (
        ("instagram", "Instagram"),
        ("facebook", "Facebook, for an account that belongs to a page"),
    ),
}


@dataclass(frozen=True)
class Way:
    """One of the values that a field can have."""

    value: str
    title: str


@dataclass(frozen=True)
class FieldLine:
    """A field of a form. `ways`: it is a choice of these."""

    name: str
    title: str
    hint: str
    default: str
    secret: bool
    required: bool
    ways: list[Way] = field(default_factory=list)


@dataclass(frozen=True)
class Offer:
    """A platform that can be connected.

    `way`: `direct` (one click leads to its page), `ask` (something is asked before), or `app`
    (this installation must be made known to it first: by `variables` in the environment, and with
    `address`, to which the platform sends the browser back).
    """

    name: str = ""
    title: str = ""
    about: str = ""
    need: str = ""
    sign_in: str = "form"
    way: str = "ask"
    address: str = ""
    variables: list[str] = field(default_factory=list)
    fields: list[FieldLine] = field(default_factory=list)
    consent_fields: list[FieldLine] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """An account as its card shows it. Moments in ISO 8601; `health` as in `trouble.Trouble`."""

    id: str = ""
    platform: str = ""
    title: str = ""
    handle: str = ""
    name: str = ""
    letters: str = ""
    avatar: str | None = None
    state: str = ""
    problem: str = ""
    ends: str = ""
    ends_soon: bool = False
    renews: str = ""
    shapes: list[str] = field(default_factory=list)
    health: str = ""
    health_since: str = ""
    health_until: str = ""
    sign_in: str = "form"
    by_consent: bool = False


def lacks_app(platform: Platform) -> bool:
    """Whether this installation must first be made known to the platform. Nobody is asked over
    the network.
    """
    if platform.sign_in == "form" or apps.known(platform.name):
        return False
    if any(not each.default for each in _before_consent(platform)):
        return False  # whom to ask is only known when a person has said it
    try:
        platform.begin({}, consents.return_address(platform.name), "")
    except AutoschedError as error:
        return error.code == "no_app"
    return False


def offer(platform: Platform, language: str, *, lacks: bool = False) -> Offer:
    """The platform as it is offered, in the reader's language."""
    before = _before_consent(platform)
    way = "ask" if platform.sign_in != "oauth" or before else "direct"
    name = platform.name.upper()
    return Offer(
        name=platform.name,
        title=known(platform.title, language),
        about=known(ABOUT.get(platform.name, ""), language),
        need=known(NEEDS.get(platform.name, ""), language),
        sign_in=platform.sign_in,
        way="app" if lacks else way,
        address=consents.return_address(platform.name),
        variables=[f"AUTOSCHED_{name}_CLIENT_ID", f"AUTOSCHED_{name}_CLIENT_SECRET"],
        fields=[_line(platform, each, language) for each in platform.fields],
        consent_fields=[_line(platform, each, language) for each in before],
    )


def _before_consent(platform: Platform) -> tuple[Field, ...]:
    if platform.sign_in == "form":
        return ()
    return platform.consent_fields or (platform.fields if platform.sign_in == "oauth" else ())


def _line(platform: Platform, wanted: Field, language: str) -> FieldLine:
    ways = WAYS.get((platform.name, wanted.name), ())
    return FieldLine(
        name=wanted.name,
        title=known(wanted.title, language),
        hint="" if ways else known(wanted.hint, language),
        default=wanted.default,
        secret=wanted.secret,
        required=not wanted.default,
        ways=[Way(value, known(title, language)) for value, title in ways],
    )


def offer_again(offered: Offer, account: Row, options: Mapping[str, object]) -> Offer:
    """The offer for connecting an account once more: what is known of it stands there already."""

    def filled(line: FieldLine, place: int) -> FieldLine:
        said = options.get(line.name)
        if isinstance(said, str) and said and not line.secret:
            return replace(line, default=said)
        # The first field names the account.
        return replace(line, default=account.handle) if place == 0 and line.required else line

    return replace(
        offered,
        way="app" if offered.way == "app" else "ask",
        fields=[filled(line, place) for place, line in enumerate(offered.fields)],
        consent_fields=[filled(line, place) for place, line in enumerate(offered.consent_fields)],
    )


def row(account: Account, language: str, troubles: Sequence[Trouble] = ()) -> Row:
    """The account as a page shows it."""
    shown = account.name or account.handle
    trouble = next((each for each in troubles if account.id in each.account_ids), None)
    try:
        platform = registry.platform(account.platform)
    except NotFoundError:
        title, sign_in, shapes = account.platform, "form", []
    else:
        title, sign_in = platform.title, platform.sign_in
        shapes = [known(shape.title, language) for shape in platform.shapes(account.options)]
    return Row(
        id=account.id,
        platform=account.platform,
        title=known(title, language),
        handle=account.handle,
        name=shown,
        letters=shown.lstrip("@/")[:1],
        avatar=account.avatar,
        state=str(account.state),
        problem=known(account.problem or "", language),
        ends=account.ends_at.isoformat() if account.ends_at else "",
        ends_soon=account.ends_at is not None and account.ends_at < clock.now() + SOON,
        renews=account.renew_at.isoformat() if account.renew_at else "",
        shapes=shapes,
        health=trouble.state if trouble else "",
        health_since=trouble.since.isoformat() if trouble else "",
        health_until=trouble.until.isoformat() if trouble and trouble.until else "",
        sign_in=sign_in,
        by_consent=sign_in == "oauth" or account.options.get("login") == "oauth",
    )
