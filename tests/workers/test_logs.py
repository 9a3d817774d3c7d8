"""What the workers' processes say, and how often."""

from __future__ import annotations

import logging

from workers.logs import Once


def line(message: str, *arguments: object, exc_info: bool = False) -> logging.LogRecord:
    trouble = (ValueError, ValueError("x"), None) if exc_info else None
    return logging.LogRecord("here", logging.ERROR, "f", 1, message, arguments, trouble)


def test_the_same_trouble_is_said_once_a_minute_and_another_at_once() -> None:
    once = Once()
    assert once.filter(line("the broker is down"))
    assert not once.filter(line("the broker is down"))
    assert once.filter(line("target %s failed", 1))
    assert once.filter(line("target %s failed", 2))


def test_a_traceback_is_never_swallowed() -> None:
    once = Once()
    assert once.filter(line("oh", exc_info=True))
    assert once.filter(line("oh", exc_info=True))


def test_what_was_said_is_not_kept_for_ever() -> None:
    once = Once()
    for number in range(1000):
        assert once.filter(line("target %s", number))
    assert len(once._said) <= 200
