"""The tree of errors that a person or a program may meet.

Every error carries a `code` for programs, a sentence for the person, and `remedy`: what to do
next. The faces (UI, CLI, API) only translate them; no other exception should reach a person.
"""

from __future__ import annotations


class AutoschedError(Exception):
    """A failure that can be told to a person.

    `sentence` says what happened, `remedy` what to do about it; both are plain English sentences.
    """

    code = "error"
    status = 500

    def __init__(self, sentence: str, *, remedy: str = "", code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()


class InvalidError(AutoschedError):
    """What was asked for can't be done as it was asked: the asker can mend it."""

    code = "invalid"
    status = 422


class NotFoundError(AutoschedError):
    """There is no such thing, or the asker may not know that there is."""

    code = "not_found"
    status = 404


class ForbiddenError(AutoschedError):
    """The asker is known and may not do this."""

    code = "forbidden"
    status = 403


class UnauthenticatedError(AutoschedError):
    """The asker is not known: log in first."""

    code = "unauthenticated"
    status = 401


class ConflictError(AutoschedError):
    """Somebody or something was quicker: the asker saw an older state."""

    code = "conflict"
    status = 409


class TooLargeError(AutoschedError):
    """A file or a text is over a limit."""

    code = "too_large"
    status = 413


class UnavailableError(AutoschedError):
    """A part that is needed is missing, full or not answering; trying later may help."""

    code = "unavailable"
    status = 503


class CancelledError(AutoschedError):
    """The person asked for this to stop."""

    code = "cancelled"
    status = 409
