"""X: posts and threads with pictures, a GIF or a video, each part published once."""

from autosched.platforms.x.platform import X

__all__ = ["X"]
