"""Instagram: pictures, carousels, reels and stories, by its own log-in or by Facebook's."""

from autosched.platforms.instagram.platform import Instagram

__all__ = ["Instagram"]
