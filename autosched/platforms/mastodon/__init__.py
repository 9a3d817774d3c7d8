"""Mastodon, on any server that speaks its API: posts and threads, each part published once."""

from autosched.platforms.mastodon.platform import Mastodon

__all__ = ["Mastodon"]
