"""ffmpeg is fed, watched and ended as promised."""

import os
import subprocess
import sys
import threading
import time

import pytest

from autosched.errors import CancelledError, UnavailableError
from autosched.media import ffmpeg
from autosched.media.ffmpeg import Feed, FfmpegError

ENDLESS = ["-f", "lavfi", "-i", "testsrc2=s=64x64:r=30", "-f", "null", "-"]
RAW = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", "16x16", "-framerate", "30"]


def test_frames_are_fed_through_pipes_and_progress_rises_to_one(tmp_path):
    told = []
    frames = [bytes([n, 0, 0]) * 256 for n in range(30)]
    feeds = [Feed("red", frames), Feed("again", (memoryview(each) for each in frames))]
    out = tmp_path / "out.mkv"
    graph = ["-filter_complex", "[0:v][1:v]hstack[v]", "-map", "[v]", "-c:v", "ffv1", str(out)]
    ffmpeg.run(
        [*RAW, "-i", "red", *RAW, "-i", "again", *graph],
        seconds=1.0,
        progress=told.append,
        inputs=feeds,
    )
    assert out.stat().st_size > 0
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_cancel_ends_it_within_a_second():
    began = time.monotonic()
    with pytest.raises(CancelledError):
        ffmpeg.run(ENDLESS, cancelled=lambda: time.monotonic() - began > 0.3)
    assert time.monotonic() - began < 2.0


def test_what_it_says_when_it_fails_is_kept_without_any_folder():
    with pytest.raises(FfmpegError) as caught:
        ffmpeg.run(["-i", "/nowhere/at/all.mp4", "-f", "null", "-"])
    assert "No such file" in caught.value.log
    assert "/nowhere" not in caught.value.sentence
    assert not caught.value.killed


def test_an_encoder_that_is_killed_is_told_from_one_that_fails():
    def kill():
        for _ in range(100):
            time.sleep(0.05)
            for child in _children(os.getpid()):
                if "testsrc2" in _command(child):
                    os.kill(child, 9)
                    return

    thread = threading.Thread(target=kill)
    thread.start()
    with pytest.raises(FfmpegError) as caught:
        ffmpeg.run(ENDLESS)
    thread.join()
    assert caught.value.killed


def test_a_full_disk_is_told_in_a_sentence():
    source = ["-f", "lavfi", "-i", "testsrc2=s=640x360:r=30:d=2", "-c:v", "rawvideo"]
    with pytest.raises(UnavailableError, match="disk is full"):
        ffmpeg.run([*source, "-f", "rawvideo", "/dev/full"])


def test_an_error_in_what_feeds_it_is_raised():
    def frames():
        yield bytes(768)
        raise ValueError("the picture went away")

    with pytest.raises(ValueError, match="went away"):
        ffmpeg.run([*RAW, "-i", "art", "-f", "null", "-"], inputs=[Feed("art", frames())])


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends orphans on Linux only")
def test_it_does_not_outlive_a_killed_worker():
    code = f"from autosched.media import ffmpeg; ffmpeg.run({ENDLESS!r})"
    worker = subprocess.Popen([sys.executable, "-c", code])
    try:
        child = _wait_for(lambda: _running_ffmpeg(worker.pid), seconds=60.0)
    finally:
        worker.kill()
    worker.wait()
    assert _wait_for(lambda: "testsrc2" not in _command(child))


def _running_ffmpeg(pid):
    commands = {child: _command(child) for child in _children(pid)}
    ours = (each for each, told in commands.items() if "testsrc2" in told and "prctl" not in told)
    return next(ours, None)


def _wait_for(what, seconds=15.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def _children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            own = [int(each) for each in file.read().split()]
    except FileNotFoundError:
        return []
    return own


def _command(pid):
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return ""
