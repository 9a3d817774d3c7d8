"""TikTok: videos, photo posts, and drafts that a person finishes in the app."""

from autosched.platforms.tiktok.platform import TikTok

__all__ = ["TikTok"]
