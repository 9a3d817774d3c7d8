"""Videos made fit: copied into another container, or encoded anew as H.264 and AAC in an MP4.

What comes out is held against the rule again; what is still too large is made once more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from autosched import storage
from autosched.errors import CancelledError, InvalidError, UnavailableError
from autosched.media import ffmpeg, fitting_films, fitting_layout, fitting_subject
from autosched.media.ffmpeg import FfmpegError
from autosched.media.fitting_cache import Made
from autosched.media.fitting_films import Film, Needs
from autosched.media.fitting_layout import How, Layout
from autosched.media.fitting_pictures import megabytes
from autosched.media.refusals import damaged
from autosched.platforms.limits import VideoRule

_SOUND_BITS = 128_000
_LEAST_BITS = 260_000  # of the picture; under this a video is no longer worth showing
_BITS_A_PIXEL = 0.055  # what x264 needs for each to look clean
_ROOMY = 0.12  # from here on constant quality needs fewer bits than there are
_QUALITY = "20"
_TRIES = 3
_OVERHEAD = 0.96
_EDGE = 0.05  # seconds under a platform's longest at which a file that is made anew ends

Progress = Callable[[float], None]


@dataclass(frozen=True)
class _Job:
    """Everything that one run of the encoder needs. `bits`: of the picture, 0 for as it comes."""

    path: Path
    rule: VideoRule
    film: Film
    needs: Needs
    made: Layout
    bits: int
    twice: bool


def fit(
    path: Path,
    rule: VideoRule,
    film: Film,
    how: How,
    focus: tuple[float, float] | None,
    scratch: Path,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> Made:
    """Write a video that the rule takes to the empty folder `scratch`."""
    needs = fitting_films.needs(rule, film, how)
    out = scratch / "made.mp4"
    if not needs.picture:
        try:
            _run(_copying(path, rule, film, needs, out), film, progress, cancelled)
            result = _result(rule, film, out)
            if result is not None:
                return _made(result, out, needs.said)
        except InvalidError:
            pass  # some containers lose what an MP4 needs: encoding finds it anew
        needs = replace(needs, picture=True, said=(*needs.said, "Re-encoded"))
    focus = focus or _subject(path, rule, film, how)
    share = _OVERHEAD
    for _ in range(_TRIES):
        job = _planned(path, rule, film, needs, how, focus, share)
        _encode(job, out, progress, cancelled)
        size = out.stat().st_size
        result = _result(rule, film, out)
        if result is not None:
            return _made(result, out, _said(job))
        allowed = needs.bits * max(film.seconds, 0.5) / 8
        if size <= allowed or not needs.bits:
            raise InvalidError(
                "This video can't be made to fit here.",
                remedy="Export it as MP4 (H.264 and AAC), then upload that.",
                code="video_unfit",
            )
        share *= 0.95 * allowed / size
    raise _too_large(film, rule)


def _result(rule: VideoRule, film: Film, out: Path) -> Film | None:
    """What came of it; `None` if the rule would not take it, or it is of another length."""
    result = fitting_films.head(out)
    longest = max(0.25, film.seconds * 0.01)
    if film.seconds and abs(result.seconds - film.seconds) > longest:
        return None
    return None if fitting_films.needs(rule, result, "pad").anything else result


def _made(result: Film, out: Path, said: tuple[str, ...]) -> Made:
    size = result.width, result.height
    return Made(out, result.mime, result.size, *size, result.seconds, said)


def _said(job: _Job) -> tuple[str, ...]:
    """The needs' sentences, with the size that it came to in place of what was thought."""
    film = job.film
    shaped = tuple(fitting_layout.spoken(job.made, film.width, film.height))
    starts = ("Made smaller", "Made larger", "Given margins", "Cropped")
    rest = tuple(line for line in job.needs.said if not line.startswith(starts))
    return (*rest, *shaped)


def _subject(path: Path, rule: VideoRule, film: Film, how: How) -> tuple[float, float] | None:
    size = film.width, film.height
    made = fitting_layout.layout(*size, fitting_layout.bounds(rule, *size), how)
    if made.how != "crop" or made.part[2:] == size:
        return None
    shown = made.part[2] / film.width, made.part[3] / film.height
    return fitting_subject.focus(fitting_films.looks(path, film), shown)


def _planned(
    path: Path,
    rule: VideoRule,
    film: Film,
    needs: Needs,
    how: How,
    focus: tuple[float, float] | None,
    share: float,
) -> _Job:
    """The job by which `share` of the bits that are allowed are spent."""
    size = film.width, film.height
    within = fitting_layout.bounds(rule, *size)
    made = fitting_layout.layout(*size, within, how, focus)
    bits = int(needs.bits * share - (_SOUND_BITS if film.sound is not None else 0))
    if not needs.bits:
        return _Job(path, rule, film, needs, made, 0, twice=False)
    if bits < _LEAST_BITS:
        raise _too_large(film, rule)
    rate = needs.rate or film.rate or 30.0
    pixels = int(bits / (_BITS_A_PIXEL * rate))
    if pixels < made.canvas[0] * made.canvas[1]:
        least = within.width_min * within.height_min
        fewer = replace(within, pixels_max=max(pixels, least * 2, 4096))
        made = fitting_layout.layout(*size, fewer, how, focus)
    clean = _ROOMY * rate * made.canvas[0] * made.canvas[1]
    return _Job(path, rule, film, needs, made, bits, twice=bits < clean)


def _encode(job: _Job, out: Path, progress: Progress, cancelled: Callable[[], bool]) -> None:
    arguments = [*_source(job.path, job.film), *_filters(job)]
    picture = ["-c:v", "libx264", "-profile:v", "high", "-preset", "fast"]
    if not job.twice:
        capped = ["-maxrate", str(job.bits), "-bufsize", str(job.bits)] if job.bits else []
        arguments += [*picture, "-crf", _QUALITY, *capped]
        _run([*arguments, *_sound(job), *_container(job, out)], job.film, progress, cancelled)
        return
    log = out.with_name("passes")
    arguments += [*picture, "-b:v", str(job.bits), "-maxrate", str(int(job.bits * 1.6))]
    arguments += ["-bufsize", str(job.bits * 2), "-passlogfile", str(log)]
    first, second = _half(progress, 0.0), _half(progress, 0.5)
    _run([*arguments, "-pass", "1", "-an", "-f", "null", "-"], job.film, first, cancelled)
    ending = [*_sound(job), *_container(job, out)]
    _run([*arguments, "-pass", "2", *ending], job.film, second, cancelled)


def _half(progress: Progress, start: float) -> Progress:
    return lambda share: progress(start + share / 2)


def _copying(path: Path, rule: VideoRule, film: Film, needs: Needs, out: Path) -> list[str]:
    made = fitting_layout.layout(film.width, film.height, fitting_layout.Bounds(), "pad")
    job = _Job(path, rule, film, needs, made, 0, twice=False)
    tag = ["-tag:v", "hvc1"] if film.codec == "hevc" else []
    copied = ["-map", f"0:{film.picture}", "-c:v", "copy", *tag]
    return [*_source(path, film), *copied, *_sound(job), *_container(job, out)]


def _source(path: Path, film: Film) -> list[str]:
    assert film.container is not None
    reader = ["-protocol_whitelist", "file", "-f", film.container.reader]
    return [*reader, "-i", f"file:{path}"]


def _filters(job: _Job) -> list[str]:
    film, made = job.film, job.made
    chain = ["bwdif=mode=send_frame:deint=interlaced"]
    if job.needs.rate or film.late < 0:
        chain.append(f"fps={job.needs.rate or film.rate or 30:.6g}:start_time=0")
    if not film.square:
        chain.append(f"scale={film.width}:{film.height}")
    x, y, wide, tall = (round(value) for value in made.part)
    if (wide, tall) != (film.width, film.height):
        chain.append(f"crop={min(wide, film.width)}:{min(tall, film.height)}:{x}:{y}:exact=1")
    chain.append(f"scale={made.content[0]}:{made.content[1]}:flags=lanczos")
    if film.hdr:
        chain += ["zscale=transfer=linear:npl=203", "format=gbrpf32le", "zscale=primaries=bt709"]
        chain += ["tonemap=hable:desat=0", "zscale=transfer=bt709:matrix=bt709:range=tv"]
    graph = f"[0:{film.picture}]" + ",".join([*chain, "setsar=1", "format=yuv420p"])
    width, height = made.canvas
    if made.margins and made.how == "blur":
        small = f"{max(2, width // 16 * 2)}:{max(2, height // 16 * 2)}"
        graph += (
            f",split[sharp][soft];[soft]scale={small}:force_original_aspect_ratio=increase,"
            f"crop={small},gblur=sigma=5,scale={width}:{height},eq=brightness=-0.08[ground];"
            "[ground][sharp]overlay=(W-w)/2:(H-h)/2,setsar=1,format=yuv420p"
        )
    elif made.margins:
        graph += f",pad={width}:{height}:-1:-1:color=black"
    return ["-filter_complex", f"{graph}[fitted]", "-map", "[fitted]"]


def _sound(job: _Job) -> list[str]:
    film, rule = job.film, job.rule
    if film.sound is None:
        return []
    mapped = ["-map", f"0:{film.sound}"]
    if not job.needs.sound and not job.twice:
        return [*mapped, "-c:a", "copy"]
    whole = ["-af", "aresample=async=1:first_pts=0"] if film.late > 0 else []
    channels = min(film.channels or 2, rule.channels_max or 2, 2)
    hertz = min(film.hertz or 48_000, rule.hertz_max or 48_000, 48_000)
    mixed = ["-ac", str(channels), "-ar", str(hertz)]
    return [*mapped, *whole, "-c:a", "aac", "-b:a", str(_SOUND_BITS), *mixed]


def _container(job: _Job, out: Path) -> list[str]:
    flags = "+faststart"
    edits: list[str] = []
    if not job.rule.edit_lists:
        flags += "+negative_cts_offsets"  # else the picture would begin some frames late
        edits = ["-use_editlist", "0"]
    longest = job.rule.seconds_max - _EDGE
    ending = ["-t", f"{longest:.3f}"] if 0 < longest < job.film.seconds else []
    plain = ["-map_metadata", "-1", "-map_chapters", "-1", "-bitexact"]
    return [*ending, *plain, *edits, "-movflags", flags, "-f", "mp4", str(out)]


def _run(
    arguments: list[str], film: Film, progress: Progress, cancelled: Callable[[], bool]
) -> None:
    try:
        ffmpeg.run(arguments, seconds=film.seconds, progress=progress, cancelled=cancelled)
    except CancelledError:
        raise CancelledError("The conversion was cancelled.") from None
    except FfmpegError as error:
        if error.killed:
            raise
        raise damaged() from error
    except UnavailableError as error:
        raise storage.disk_full() if error.code == "disk_full" else error from None


def _too_large(film: Film, rule: VideoRule) -> InvalidError:
    return InvalidError(
        f"This video of {film.seconds:.0f} seconds can't be made to fit in "
        f"{megabytes(rule.bytes_max)}.",
        remedy="Choose a shorter video.",
        code="video_too_large",
    )
