"""Facebook Pages: text, links, photos, videos and reels, each published once."""

from autosched.platforms.facebook.platform import Facebook

__all__ = ["Facebook"]
