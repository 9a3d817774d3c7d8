"""LinkedIn: members and the pages they administer, media in parts, each post published once."""

from autosched.platforms.linkedin.platform import LinkedIn

__all__ = ["LinkedIn"]
