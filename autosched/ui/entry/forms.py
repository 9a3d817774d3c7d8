"""The forms of the entry pages. They are sent by the browser itself, so that the answer can set
the HttpOnly cookie; what went wrong comes back in the address, as a code."""

from __future__ import annotations

import reflex as rx

from autosched.ui.entry.stage import entry
from autosched.ui.entry.state import Entry
from autosched.ui.handlers import event_script
from autosched.ui.parts import button, empty, link_button, notice, text_field
from autosched.ui.parts.controls import Words, field
from autosched.ui.parts.forms import browser_form, hidden
from autosched.ui.words import address_value, browser_zone, language, t

PROBLEMS = {
    "wrong_login": (
        "The address or the password is not right. Check both, and that Caps Lock is off."
    ),
    "email_taken": "There is an account with this address already. Log in instead.",
    "email": "This does not look like an e-mail address.",
    "name": "Please give a name of at most 100 characters.",
    "password_short": "A password needs at least 10 characters. A short sentence is a good one.",
    "password_long": "This password is too long.",
    "registration_closed": (
        "This installation takes no new accounts. Ask its owner for an invitation."
    ),
    "cross_site": (
        "This request came from another site. Open the app's own page and try again there."
    ),
    "not_found": "This invitation has been used, taken back, or is too old. Ask for a new one.",
    "forbidden": "This invitation is for another address. Use the address to which it was sent.",
}


def _problem() -> rx.Component:
    code = address_value("problem")
    return rx.cond(
        code != "",
        notice(
            rx.match(
                code,
                *((key, t(sentence)) for key, sentence in PROBLEMS.items()),
                t("That did not work. Please try again."),
            ),
            look="bad",
        ),
    )


def _head(title: Words, lead: Words | rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.h1(title, class_name="display"), rx.el.p(lead, class_name="muted"), class_name="head"
    )


def _password(*, new: bool) -> rx.Component:
    control = rx.el.div(
        rx.el.input(
            id="password",
            name="password",
            type="password",
            required=True,
            min_length=10 if new else 1,
            auto_complete="new-password" if new else "current-password",
            class_name="input ltr",
        ),
        rx.el.button(
            rx.icon("eye", class_name="when-hidden"),
            rx.icon("eye-off", class_name="when-shown"),
            type="button",
            class_name="icon-button",
            aria_label=t("Show or hide the password"),
            on_click=event_script("window.autosched.reveal('password')"),
        ),
        class_name="input-group",
    )
    hint = t("At least 10 characters; a short sentence is a good one.") if new else None
    return field(t("Password"), control, name="password", hint=hint)


def _email(value: Words, *, fixed: bool = False) -> rx.Component:
    return text_field(
        t("E-mail"),
        name="email",
        type="email",
        required=True,
        auto_complete="email",
        default_value=value,
        read_only=fixed,
        class_name="ltr",
        placeholder="amina@example.org",
    )


def _send(label: Words) -> rx.Component:
    return button(label, type="submit", look="primary", size="large", class_name="block")


def _log_in_form(email: rx.Var[str], target: rx.Var[str] | str) -> rx.Component:
    return browser_form(
        hidden("next", target),
        _email(email),
        _password(new=False),
        _send(t("Log in")),
        class_name="col",
        action="/auth/login",
    )


def _register_form(email: Words, token: rx.Var[str], *, fixed: bool = False) -> rx.Component:
    return browser_form(
        hidden("zone", browser_zone),
        hidden("language", language),
        hidden("invitation", token),
        text_field(
            t("Your name"),
            name="name",
            required=True,
            max_length=100,
            auto_complete="name",
            default_value=address_value("name"),
        ),
        _email(email, fixed=fixed),
        _password(new=True),
        rx.el.p(
            t("Times will be shown for {zone}; this can be changed.", zone=browser_zone),
            class_name="small faint",
        ),
        _send(t("Make an account")),
        class_name="col",
        action="/auth/register",
    )


def log_in() -> rx.Component:
    """The log-in."""
    return entry(
        _head(t("Welcome back"), t("Log in to go on where you stopped.")),
        _problem(),
        _log_in_form(address_value("email"), address_value("next")),
        rx.cond(
            Entry.is_open,
            rx.el.p(
                t("New here?"),
                " ",
                rx.el.a(t("Make an account"), href="/register", class_name="link"),
                class_name="small muted other",
            ),
        ),
    )


def register() -> rx.Component:
    """Making an account; on a fresh installation the first one, which owns it."""
    fresh = t("Yours is the first account here: it owns this installation.")
    return entry(
        _head(
            rx.cond(Entry.is_fresh, t("Welcome"), t("Make an account")),
            rx.cond(
                Entry.is_fresh,
                fresh,
                rx.cond(
                    Entry.invited_to != "",
                    t("You are invited to {workspace}.", workspace=Entry.invited_to),
                    t("You get a workspace of your own, and can invite your team."),
                ),
            ),
        ),
        _problem(),
        rx.cond(
            Entry.is_open | Entry.is_fresh | (Entry.invited_to != ""),
            _register_form(address_value("email"), address_value("invitation")),
            notice(t(PROBLEMS["registration_closed"]), look="warn"),
        ),
        rx.cond(
            Entry.arrived & ~Entry.is_fresh,
            rx.el.p(
                t("You have an account?"),
                " ",
                rx.el.a(t("Log in"), href="/login", class_name="link"),
                class_name="small muted other",
            ),
        ),
    )


def invitation() -> rx.Component:
    """Joining a workspace: with one click when logged in, else after logging in or registering."""
    token = address_value("token")
    return entry(
        rx.cond(
            ~Entry.arrived,
            rx.el.div(class_name="bone", style={"block_size": "16rem"}),
            rx.cond(
                Entry.invited_to == "",
                empty(
                    t("This invitation does not open anything"),
                    t("It has been used, taken back, or is too old. Ask for a new one."),
                    link_button(t("To the app"), "/"),
                    picture="lost",
                    is_page=True,
                ),
                rx.el.div(
                    _head(
                        t("Join {workspace}", workspace=Entry.invited_to),
                        t("The invitation is for {email}.", email=Entry.invited_email),
                    ),
                    rx.cond(Entry.refusal != "", notice(Entry.refusal, look="bad")),
                    rx.cond(
                        Entry.somebody != "",
                        button(
                            t("Join as {email}", email=Entry.somebody),
                            look="primary",
                            size="large",
                            class_name="block",
                            on_click=Entry.join,
                        ),
                        rx.el.div(
                            _register_form(Entry.invited_email, token, fixed=True),
                            rx.el.p(
                                t("You have an account?"),
                                " ",
                                rx.el.a(
                                    t("Log in"),
                                    href=f"/login?next=/invite%3Ftoken%3D{token}",
                                    class_name="link",
                                ),
                                class_name="small muted other",
                            ),
                        ),
                    ),
                    class_name="col wide",
                ),
            ),
        )
    )
