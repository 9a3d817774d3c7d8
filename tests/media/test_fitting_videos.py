"""Videos made fit: each bound both ways, with real files."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from autosched.errors import CancelledError, InvalidError
from autosched.media import fitting, fitting_films
from autosched.media.fitting_films import Film
from autosched.media.probe import probe
from autosched.platforms.base import Media
from autosched.platforms.limits import Limits, VideoRule
from tests.media import samples

MP4 = ("video/mp4",)
REPACKED = ("Repacked for quick playback, picture and sound unchanged",)


def media(path: Path) -> Media:
    """The file as the library knows it."""
    found = probe(path)
    size = found.width, found.height
    return Media(path, "video", found.mime, found.size, *size, found.duration)


def limits(mimes: tuple[str, ...] = MP4, bytes_max: int = 0, **rule: object) -> Limits:
    video = VideoRule(mimes, bytes_max, **rule)
    return Limits(500, "graphemes", videos_max=1, video=video)


def shown(fitted: fitting.Fitted, seconds: float = 2.0) -> Film:
    """What came of it, by its head; it must be what the facts say, and play to its end."""
    made = fitted.media
    film = fitting_films.head(made.path)
    assert (film.mime, film.size) == (made.mime, made.size) == (made.mime, probe(made.path).size)
    assert (film.width, film.height) == (made.width, made.height)
    assert film.seconds == pytest.approx(seconds, abs=0.15)
    return film


def pixel(path: Path, x: float, y: float) -> np.ndarray:
    """The colour at that share of the first frame."""
    with av.open(str(path)) as opened:
        frame = next(opened.decode(video=0)).to_ndarray(format="rgb24")
    return np.asarray(frame[int(y * frame.shape[0]), int(x * frame.shape[1])], int)


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"bytes_max": 10_000_000},
        {"width_max": 320, "height_max": 180},
        {"width_max": 180, "height_max": 320, "either_way": True},
        {"side_min": 180},
        {"pixels_max": 57_600},
        {"ratio_min": 16 / 9, "ratio_max": 16 / 9},
        {"fps_min": 25, "fps_max": 25},
        {"bits_max": 20_000_000},
        {"channels_max": 1},
        {"hertz_max": 44_100},
    ],
)
def test_a_video_at_the_bound_goes_out_as_it_is(tmp_path: Path, rule: dict[str, object]) -> None:
    given = media(samples.video(tmp_path / "a.mp4"))
    assert fitting.fit(given, limits(**rule)) == fitting.Fitted(given, ())
    assert fitting.conforms(given, limits(**rule)) == ()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"bytes_max": 125_000}, "Compressed to at most 125 kB"),
        ({"bits_max": 500_000}, "Compressed to at most 0.5 megabits a second"),
        ({"width_max": 160}, "Made smaller: 160 × 90"),
        ({"height_max": 90}, "Made smaller: 160 × 90"),
        ({"width_max": 90, "height_max": 160, "either_way": True}, "Made smaller: 160 × 90"),
        ({"pixels_max": 14_400}, "Made smaller: 160 × 90"),
        ({"side_min": 360}, "Made larger: 640 × 360"),
        ({"ratio_max": 1.0}, "Given margins to be 1:1"),
        ({"ratio_min": 3.0}, "Given margins to be 3:1"),
        ({"fps_max": 15}, "Re-encoded at 12.5 frames a second"),
        ({"fps_min": 30, "fps_max": 60}, "Re-encoded at 50 frames a second"),
        ({"fps_min": 30, "fps_max": 40}, "Re-encoded at 30 frames a second"),
        ({"video_codecs": ("hevc", "vp9")}, "Turned into H.264"),
        ({"audio_codecs": ("mp3",)}, "Sound turned into AAC"),
        ({"hertz_max": 22_050}, "Sound resampled to 22.05 kHz"),
        ({"edit_lists": False}, REPACKED[0]),
    ],
)
def test_a_video_beyond_the_bound_is_brought_within_it(
    tmp_path: Path, rule: dict[str, object], said: str
) -> None:
    given = media(samples.video(tmp_path / "a.mp4"))
    if "video_codecs" in rule or "audio_codecs" in rule:
        # The outcome is always H.264 and AAC, so these are taken as well.
        name = "a.webm" if "audio_codecs" in rule else "b.mp4"
        codecs = ("-c:v", "libvpx") if name == "a.webm" else ("-c:v", "mpeg4")
        given = media(samples.video(tmp_path / name, *codecs))
        rule = {"mimes": ("video/mp4", "video/webm"), "video_codecs": ("h264", "vp8")}
    taken = limits(**rule)
    fitted = fitting.fit(given, taken)
    shown(fitted)
    assert said in fitted.changes
    assert fitting.fit(fitted.media, taken) == fitting.Fitted(fitted.media, ())


def test_picture_and_sound_stay_bit_for_bit_where_only_the_container_is_wrong(
    tmp_path: Path,
) -> None:
    given = media(samples.video(tmp_path / "a.mkv"))
    fitted = fitting.fit(given, limits())
    assert fitted.changes == ("Turned into MP4",)
    shown(fitted)

    def packets(path: Path) -> list[bytes]:
        with av.open(str(path)) as opened:
            return [bytes(p) for p in opened.demux(video=0) if p.size]

    # Matroska and MP4 store the same units of H.264.
    assert packets(given.path) == packets(fitted.media.path)


def test_without_edit_lists_picture_and_sound_begin_together(tmp_path: Path) -> None:
    given = media(samples.video(tmp_path / "a.mp4", "-preset", "veryfast", "-bf", "2"))
    before = fitting_films.head(given.path).index
    assert before is not None
    assert before.edits
    assert not before.first
    taken = limits(edit_lists=False, seconds_max=60)
    fitted = fitting.fit(given, taken)
    assert fitted.changes == REPACKED
    film = shown(fitted)
    assert film.index is not None
    assert film.index.first
    assert not film.index.edits
    with av.open(str(fitted.media.path)) as opened:
        for stream in opened.streams:
            assert abs(float((stream.start_time or 0) * stream.time_base)) < 0.001


def test_sound_that_begins_later_does_so_without_edit_lists_too(tmp_path: Path) -> None:
    late = tmp_path / "late.mp4"
    source = samples.video(tmp_path / "a.mp4")
    samples.ffmpeg(
        *("-i", source, "-itsoffset", "0.6", "-i", source, "-map", "0:v", "-map", "1:a"),
        *("-c", "copy", late),
    )
    given = media(late)
    assert fitting_films.head(late).late == pytest.approx(0.6, abs=0.05)
    fitted = fitting.fit(given, limits(edit_lists=False))
    with av.open(str(fitted.media.path)) as opened:
        sound = np.concatenate([f.to_ndarray()[0] for f in opened.decode(audio=0)])
        loud = np.argmax(np.abs(sound) > 0.02) / opened.streams.audio[0].sample_rate
    assert loud == pytest.approx(0.6, abs=0.06)


def test_a_fragmented_video_gets_one_index(tmp_path: Path) -> None:
    flags = ("-movflags", "frag_keyframe+empty_moov")
    given = media(samples.video(tmp_path / "a.mp4", *flags))
    assert fitting.fit(given, limits()).media is given
    fitted = fitting.fit(given, limits(edit_lists=False))
    film = shown(fitted)
    assert film.index is not None
    assert not film.index.fragments


def test_a_video_at_the_very_longest_stays_within_it_when_it_is_made_anew(tmp_path: Path) -> None:
    given = media(samples.video(tmp_path / "a.mp4"))
    film = shown(fitting.fit(given, limits(edit_lists=False, seconds_max=2.0)))
    assert 1.85 < film.seconds <= 2.0


@pytest.mark.parametrize("how", ["crop", "pad", "blur"])
def test_a_wide_video_becomes_a_tall_one(tmp_path: Path, how: fitting.How) -> None:
    given = media(samples.video(tmp_path / "a.mp4", size="480x270"))
    fitted = fitting.fit(given, limits(ratio_min=9 / 16, ratio_max=9 / 16), how)
    film = shown(fitted)
    assert film.width * 16 == film.height * 9
    top = pixel(fitted.media.path, 0.5, 0.03)
    if how == "pad":
        assert top.max() < 20
    if how == "blur":
        assert top.max() > 20
    wanted = {"crop": "Cropped", "pad": "Given margins to", "blur": "Given margins of"}[how]
    assert fitted.changes[0].startswith(wanted)


def test_a_crop_follows_what_was_pointed_at(tmp_path: Path) -> None:
    source = "color=red:s=160x180:d=2[l];color=blue:s=160x180:d=2[r];[l][r]hstack"
    path = tmp_path / "a.mp4"
    samples.ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", path)
    for focus, channel in ((0.1, 0), (0.9, 2)):
        taken = limits(ratio_max=0.8)
        fitted = fitting.fit(media(path), taken, "crop", (focus, 0.5))
        assert int(np.argmax(pixel(fitted.media.path, 0.5, 0.5))) == channel


def test_a_turned_video_and_one_of_wide_pixels_are_shown_as_they_were(tmp_path: Path) -> None:
    plain = samples.video(tmp_path / "plain.mp4", size="320x180")
    turned = tmp_path / "turned.mp4"
    samples.ffmpeg("-display_rotation", "90", "-i", plain, "-c", "copy", turned)
    given = media(turned)
    assert (given.width, given.height) == (180, 320)
    assert shown(fitting.fit(given, limits(width_max=90))).height == 160
    wide = samples.video(tmp_path / "wide.mp4", "-vf", "setsar=2/1", size="160x180")
    given = media(wide)
    assert (given.width, given.height) == (320, 180)
    film = shown(fitting.fit(given, limits(width_max=160)))
    assert (film.width, film.height, film.square) == (160, 90, True)
    cropped = shown(fitting.fit(given, limits(ratio_max=1.0), "crop"))
    assert (cropped.width, cropped.height, cropped.square) == (180, 180, True)


def test_colours_that_few_players_show_are_made_ordinary(tmp_path: Path) -> None:
    given = media(samples.video(tmp_path / "a.mp4", "-pix_fmt", "yuv444p"))
    fitted = fitting.fit(given, limits())
    assert fitted.changes == ("Given ordinary colours, which every player shows",)
    assert shown(fitted).pixels == "yuv420p"


def test_hdr_is_brought_to_what_ordinary_screens_show(tmp_path: Path) -> None:
    tags = "setparams=color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc"
    codec = ("-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-vf", tags, "-preset", "ultrafast")
    given = media(samples.video(tmp_path / "a.mp4", *codec))
    assert fitting_films.head(given.path).hdr
    film = shown(fitting.fit(given, limits()))
    assert (film.codec, film.pixels, film.hdr) == ("h264", "yuv420p", False)
    assert fitting.fit(given, limits(video_codecs=("h264", "hevc"))).media is given


def test_sound_of_six_channels_is_mixed_down_and_the_picture_left_alone(tmp_path: Path) -> None:
    given = media(samples.video(tmp_path / "a.mp4", "-ac", "6"))
    fitted = fitting.fit(given, limits(channels_max=2))
    assert fitted.changes == ("Sound mixed down to stereo",)
    assert shown(fitted).channels == 2


def test_a_silent_video_stays_silent(tmp_path: Path) -> None:
    given = media(samples.video(tmp_path / "a.webm", sound=False))
    film = shown(fitting.fit(given, limits()))
    assert film.sound is None


def test_an_avi_and_a_webm_become_mp4(tmp_path: Path) -> None:
    for name in ("a.avi", "a.webm"):
        fitted = fitting.fit(media(samples.video(tmp_path / name)), limits())
        film = shown(fitted)
        assert (film.codec, film.sound_codec) == ("h264", "aac")
        assert set(fitted.changes) >= {"Turned into H.264", "Turned into MP4"}


def test_a_container_that_can_not_be_copied_from_is_encoded(tmp_path: Path) -> None:
    codecs = ("-c:v", "libx264", "-bf", "3", "-c:a", "aac")
    given = media(samples.video(tmp_path / "a.avi", *codecs))
    fitted = fitting.fit(given, limits())
    assert shown(fitted).codec == "h264"
    assert "Turned into MP4" in fitted.changes


@pytest.mark.parametrize("most", [110_000, 200_000, 400_000])
def test_bytes_are_met_and_used(tmp_path: Path, most: int) -> None:
    noisy = ("-b:v", "6M", "-vf", "noise=alls=40:allf=t")
    given = media(samples.video(tmp_path / "a.mp4", *noisy, size="640x360"))
    assert given.size > most
    fitted = fitting.fit(given, limits(bytes_max=most))
    shown(fitted)
    assert most * 0.4 < fitted.media.size <= most


def test_a_video_that_is_too_long_for_so_few_bytes_is_refused(tmp_path: Path) -> None:
    given = media(samples.video(tmp_path / "a.mp4", seconds=3))
    with pytest.raises(InvalidError, match="3 seconds can't be made to fit in 50 kB") as caught:
        fitting.fit(given, limits(bytes_max=50_000))
    assert caught.value.code == "video_too_large"


def test_files_that_are_no_videos_or_damaged_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("hello")
    whole = samples.video(tmp_path / "whole.mkv")
    broken = bytearray(whole.read_bytes())
    broken[600:] = bytes(len(broken) - 600)
    (tmp_path / "b.mkv").write_bytes(broken)
    for name in ("a.mp4", "b.mkv"):
        path = tmp_path / name
        given = Media(path, "video", "video/mp4", path.stat().st_size, 320, 180, 2.0)
        with pytest.raises(InvalidError) as caught:
            fitting.fit(given, limits())
        assert caught.value.code in ("not_media", "damaged")


def test_progress_rises_to_the_end_over_both_passes(tmp_path: Path) -> None:
    given = media(samples.video(tmp_path / "a.mp4", size="640x360"))
    told: list[float] = []
    fitting.fit(given, limits(bytes_max=130_000), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_cancelled_conversion_ends_and_leaves_nothing(tmp_path: Path) -> None:
    given = media(samples.video(tmp_path / "a.webm", seconds=4))
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 1

    folder = tmp_path / "kept"
    with pytest.raises(CancelledError, match="conversion"):
        fitting.fit(given, limits(), folder=folder, cancelled=cancelled)
    assert list(folder.iterdir()) == []


def test_what_would_change_is_told_from_the_known_facts_alone() -> None:
    given = Media(
        Path("/nowhere"), "video", "video/quicktime", 90_000_000, 3840, 2160, duration=30.0
    )
    taken = limits(bytes_max=50_000_000, width_max=1280, height_max=1024, either_way=True)
    assert fitting.conforms(given, taken) == (
        "Made smaller: 1280 × 720",
        "Compressed to at most 50 MB",
        "Turned into MP4",
    )
