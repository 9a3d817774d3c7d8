"""Bluesky: posts with links, hashtags, mentions, pictures or a video, each published once."""

from autosched.platforms.bluesky.client import METADATA_PATH, client_metadata
from autosched.platforms.bluesky.platform import Bluesky

__all__ = ["METADATA_PATH", "Bluesky", "client_metadata"]
