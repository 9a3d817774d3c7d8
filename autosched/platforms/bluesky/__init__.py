"""Bluesky: posts with links, hashtags, mentions, pictures or a video, each published once."""

from autosched.platforms.bluesky.platform import Bluesky

__all__ = ["Bluesky"]
