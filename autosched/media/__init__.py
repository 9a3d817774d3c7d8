"""Speaks to ffmpeg and PyAV; knows nothing of the tables."""
