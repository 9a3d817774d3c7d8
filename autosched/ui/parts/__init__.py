"""The components that every page is made of, in the app's own look (`assets/style/parts.css`)."""

from autosched.ui.parts.controls import (
    button,
    field,
    icon_button,
    link_button,
    search_field,
    segments,
    select,
    text_area,
    text_field,
)
from autosched.ui.parts.forms import browser_form, hidden
from autosched.ui.parts.media import (
    account_mark,
    avatar,
    glyph,
    media_tile,
    verse,
    verse_text,
)
from autosched.ui.parts.overlays import (
    dialog,
    menu,
    menu_item,
    menu_line,
    menu_title,
    popover,
)
from autosched.ui.parts.status import chip, progress_bar, progress_ring, target_chip
from autosched.ui.parts.surfaces import (
    bones,
    card,
    empty,
    notice,
    ornament,
    page_head,
    retry,
    section,
)
from autosched.ui.parts.uploads import uploads

__all__ = [
    "account_mark",
    "avatar",
    "bones",
    "browser_form",
    "button",
    "card",
    "chip",
    "dialog",
    "empty",
    "field",
    "glyph",
    "hidden",
    "icon_button",
    "link_button",
    "media_tile",
    "menu",
    "menu_item",
    "menu_line",
    "menu_title",
    "notice",
    "ornament",
    "page_head",
    "popover",
    "progress_bar",
    "progress_ring",
    "retry",
    "search_field",
    "section",
    "segments",
    "select",
    "target_chip",
    "text_area",
    "text_field",
    "uploads",
    "verse",
    "verse_text",
]
