"""YouTube: videos and Shorts, uploaded in private and made public in one step."""

from autosched.platforms.youtube.platform import YouTube

__all__ = ["YouTube"]
