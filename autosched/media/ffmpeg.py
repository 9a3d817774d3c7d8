"""Running the ffmpeg that comes in a wheel: feeding it frames, reading its progress, ending it.

It knows nothing of what is made; graphs are built in `studio.graph`, files are probed in `probe`.
"""

from __future__ import annotations

import fcntl
import io
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

import imageio_ffmpeg

from autosched.errors import AutoschedError, CancelledError, UnavailableError

_LOG_LINES = 2000
_POLL_SECONDS = 0.05
_PIPE_BYTES = 1 << 20
_SOUND_BYTES = 1 << 18
_FULL = re.compile(r"No space left on device|Disk quota exceeded|File too large", re.IGNORECASE)
# A child outlives a killed parent unless the kernel is told otherwise; it is told by a Python
# that then becomes ffmpeg, since code between fork and exec isn't safe beside threads.
_BOUND = (
    "import ctypes,os,sys;"
    "ctypes.CDLL(None).prctl(1,9);"
    "os.getppid()==int(sys.argv[1]) or os._exit(1);"
    "os.execv(sys.argv[2],sys.argv[2:])"
)


class FfmpegError(AutoschedError):
    """ffmpeg gave up. `log` holds its last lines; `killed`: it was ended from outside."""

    code = "ffmpeg"

    def __init__(self, sentence: str, *, log: str, remedy: str = "", killed: bool = False) -> None:
        super().__init__(sentence, remedy=remedy)
        self.log = log
        self.killed = killed


@dataclass(frozen=True)
class Feed:
    """Raw bytes for ffmpeg: its arguments call them `name`, `chunks` are written as they're read.

    `chunks` runs in a thread of its own; an error in it ends the run and is raised from `run`.
    """

    name: str
    chunks: Iterable[bytes | memoryview]


@lru_cache(maxsize=1)
def binary() -> Path:
    """The ffmpeg of the wheel; `UnavailableError` if there is none for this machine."""
    try:
        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        raise UnavailableError(
            "There is no ffmpeg for this machine.",
            remedy="Install ffmpeg and set IMAGEIO_FFMPEG_EXE to its path.",
            code="no_ffmpeg",
        ) from None


def run(
    arguments: Sequence[str],
    *,
    seconds: float = 0.0,
    progress: Callable[[float], None] = lambda share: None,
    cancelled: Callable[[], bool] = lambda: False,
    inputs: Sequence[Feed] = (),
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
) -> str:
    """Run ffmpeg to its end and return what it logged (its last lines).

    `seconds`: the length of what is made, by which `progress` is told a share from 0 to 1.
    `inputs`: their names in `arguments` are replaced by the pipes through which they come.
    Raises `CancelledError` soon after `cancelled()` is true, `UnavailableError` on a full disk,
    `FfmpegError` on any other failure. Partial files are the caller's to remove.
    """
    pipes = [os.pipe() for _ in inputs]
    names = {feed.name: f"pipe:{read}" for feed, (read, _) in zip(inputs, pipes, strict=True)}
    command = [
        str(binary()),
        *("-hide_banner", "-nostdin", "-y", "-nostats", "-progress", "pipe:1"),
        *(names.get(argument, argument) for argument in arguments),
    ]
    try:
        process = subprocess.Popen(
            _bound(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[read for read, _ in pipes],
            env={**os.environ, **(env or {})},
            cwd=cwd,
        )
    except BaseException:
        for _, write in pipes:
            os.close(write)
        raise
    finally:
        for read, _ in pipes:
            os.close(read)
    return _attend(process, pipes, inputs, seconds, progress, cancelled)


def decode(
    arguments: Sequence[str], size: int, hear: Callable[[bytes], None] | None = None
) -> Generator[memoryview]:
    """The raw frames of `size` bytes that ffmpeg writes to `picture`, each good until the one
    after the next; what it writes to `sound` goes to `hear`, in a thread of its own.

    It ends with the last whole frame and the last of the sound; `FfmpegError` if there was not
    even one frame. An error in `hear` ends it and is raised here. Closing the iterator ends ffmpeg.
    """
    sound = os.pipe() if hear is not None else None
    names = {"picture": "pipe:1", "sound": f"pipe:{sound[1] if sound else 2}"}
    command = [str(binary()), "-hide_banner", "-nostdin", "-loglevel", "error"]
    command += [names.get(argument, argument) for argument in arguments]
    with tempfile.TemporaryFile() as log:
        try:
            process = subprocess.Popen(
                _bound(command),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                pass_fds=[sound[1]] if sound else [],
            )
        finally:
            if sound:
                os.close(sound[1])
        failures: list[BaseException] = []
        listener = threading.Thread(target=lambda: None)
        if sound and hear is not None:
            arguments_of = (sound[0], hear, process, failures)
            listener = threading.Thread(target=_listen, args=arguments_of, daemon=True)
        listener.start()
        picture = cast(io.FileIO, process.stdout)
        _widen(picture.fileno())
        buffers = (memoryview(bytearray(size)), memoryview(bytearray(size)))
        count = 0
        try:
            while _filled(picture, buffers[count % 2]):
                count += 1
                yield buffers[(count - 1) % 2]
            listener.join()
            if failures:
                raise failures[0]
            if not count:
                process.wait()
                log.seek(0)
                raise _failure(process.returncode, log.read().decode(errors="replace"))
        finally:
            picture.close()
            process.kill()
            process.wait()
            listener.join()


def _widen(pipe: int) -> None:
    """Let a frame through in few turns; without this it takes a turn for every 64 kB."""
    if sys.platform == "linux":
        with suppress(OSError):  # over what this user may have
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _filled(stream: io.FileIO, frame: memoryview) -> bool:
    """Read a whole frame; false at the end."""
    while frame:
        read = stream.readinto(frame)
        if not read:
            return False
        frame = frame[read:]
    return True


def _listen(
    pipe: int,
    hear: Callable[[bytes], None],
    process: subprocess.Popen[bytes],
    failures: list[BaseException],
) -> None:
    with open(pipe, "rb") as stream:
        try:
            while piece := stream.read(_SOUND_BYTES):
                hear(piece)
        except BaseException as error:  # noqa: BLE001  raised again where the frames are read
            failures.append(error)
            process.kill()


def _bound(command: list[str]) -> list[str]:
    """The command so that it ends with this process."""
    if sys.platform != "linux":
        return command
    return [sys.executable, "-S", "-E", "-c", _BOUND, str(os.getpid()), *command]


def _attend(
    process: subprocess.Popen[bytes],
    pipes: Sequence[tuple[int, int]],
    inputs: Sequence[Feed],
    seconds: float,
    progress: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> str:
    log: deque[str] = deque(maxlen=_LOG_LINES)
    done = [0.0]
    failures: list[BaseException] = []
    readers = [
        threading.Thread(target=_read_log, args=(process, log), daemon=True),
        threading.Thread(target=_read_progress, args=(process, done), daemon=True),
    ]
    writers = [
        threading.Thread(target=_write, args=(feed, write, process, failures), daemon=True)
        for feed, (_, write) in zip(inputs, pipes, strict=True)
    ]
    for thread in (*readers, *writers):
        thread.start()
    told = -1.0
    try:
        while process.poll() is None:
            if cancelled():
                raise CancelledError("The render was cancelled.")
            if seconds > 0 and done[0] > told:
                told = done[0]
                progress(min(1.0, told / seconds))
            time.sleep(_POLL_SECONDS)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for thread in (*writers, *readers):
            thread.join()
    if failures:
        raise failures[0]
    text = "\n".join(log)
    if process.returncode != 0:
        raise _failure(process.returncode, text)
    if seconds > 0:
        progress(1.0)
    return text


def _read_log(process: subprocess.Popen[bytes], log: deque[str]) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        log.append(line.decode(errors="replace").rstrip())


def _read_progress(process: subprocess.Popen[bytes], done: list[float]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        key, _, value = line.decode(errors="replace").partition("=")
        if key == "out_time_us" and value.strip().lstrip("-").isdigit():
            done[0] = max(0.0, int(value) / 1e6)


def _write(
    feed: Feed, pipe: int, process: subprocess.Popen[bytes], failures: list[BaseException]
) -> None:
    try:
        chunks = feed.chunks
        ending = closing(chunks) if isinstance(chunks, Generator) else nullcontext()
        with ending, open(pipe, "wb", buffering=0) as stream:
            for chunk in chunks:
                view = memoryview(chunk).cast("B")
                while view:
                    view = view[stream.write(view) or 0 :]
    except BrokenPipeError:
        pass  # ffmpeg has ended, or has had enough
    except BaseException as error:  # noqa: BLE001  raised again by the thread that waits
        failures.append(error)
        with suppress(ProcessLookupError):
            process.kill()


def _failure(code: int, log: str) -> AutoschedError:
    if _FULL.search(log):
        return UnavailableError(
            "The disk is full: the video could not be written.",
            remedy="Free some space and render it again.",
            code="disk_full",
        )
    if code < 0:
        return FfmpegError(
            "The encoder was stopped from outside before it was done.",
            log=log,
            remedy="Render it again; if this comes back, the machine is short of memory.",
            killed=True,
        )
    return FfmpegError(
        f"ffmpeg could not make the video: {_reason(log)}.",
        log=log,
        remedy="Render it again; if this comes back, try other media.",
    )


def _reason(log: str) -> str:
    lines = [line for line in log.splitlines() if re.search(r"rror|nvalid|ailed", line)]
    line = re.sub(r"^(\[[^\]]*\] ?)+", "", (lines or ["it gave no reason"])[-1])
    return re.sub(r"/\S*/", "", line).rstrip(". ")
