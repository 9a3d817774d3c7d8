"""Which containers and codecs are taken, and how a file's first bytes tell what it is.

The name of a file says nothing here. What is not on these lists never reaches a demuxer, so
playlists, manifests and scripts, which could make one open other files, are out from the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Literal

Family = Literal["picture", "stream"]

HEAD = 64 * 1024


@dataclass(frozen=True)
class Container:
    """A container that is taken.

    `reader` is the name by which PyAV (for streams) or Pillow (for pictures; `HEIF` goes to
    ffmpeg) is told to read it, and never anything else. `mime` and `suffix` are for content with
    a moving picture; `sound_mime` and `sound_suffix` for the same container with sound alone.
    """

    name: str
    family: Family
    reader: str
    mime: str
    suffix: str
    sound_mime: str = ""
    sound_suffix: str = ""


JPEG = Container("JPEG", "picture", "JPEG", "image/jpeg", ".jpg")
PNG = Container("PNG", "picture", "PNG", "image/png", ".png")
GIF = Container("GIF", "picture", "GIF", "image/gif", ".gif")
WEBP = Container("WebP", "picture", "WEBP", "image/webp", ".webp")
AVIF = Container("AVIF", "picture", "AVIF", "image/avif", ".avif")
HEIC = Container("HEIC", "picture", "HEIF", "image/heic", ".heic")
MP4 = Container("MP4", "stream", "mov", "video/mp4", ".mp4", "audio/mp4", ".m4a")
MOV = Container("QuickTime", "stream", "mov", "video/quicktime", ".mov", "audio/mp4", ".m4a")
WEBM = Container("WebM", "stream", "matroska", "video/webm", ".webm", "audio/webm", ".weba")
MKV = Container(
    "Matroska", "stream", "matroska", "video/x-matroska", ".mkv", "audio/x-matroska", ".mka"
)
AVI = Container("AVI", "stream", "avi", "video/x-msvideo", ".avi", "audio/x-msvideo", ".avi")
MP3 = Container("MP3", "stream", "mp3", "", "", "audio/mpeg", ".mp3")
ADTS = Container("AAC", "stream", "aac", "", "", "audio/aac", ".aac")
WAV = Container("WAV", "stream", "wav", "", "", "audio/wav", ".wav")
FLAC = Container("FLAC", "stream", "flac", "", "", "audio/flac", ".flac")
OGG = Container("Ogg", "stream", "ogg", "", "", "audio/ogg", ".ogg")

CONTAINERS = (
    *(JPEG, PNG, GIF, WEBP, AVIF, HEIC),
    *(MP4, MOV, WEBM, MKV, AVI, MP3, ADTS, WAV, FLAC, OGG),
)

_PICTURED = (
    "h264 hevc av1 vp8 vp9 mpeg4 mjpeg mpeg1video mpeg2video prores dnxhd h263 msmpeg4v2 msmpeg4v3 "
    "wmv1 wmv2 theora ffv1 huffyuv ffvhuff utvideo dvvideo cfhd qtrle png rawvideo"
)
_SOUNDED = "aac mp3 mp2 opus vorbis flac alac ac3 eac3 amr_nb amr_wb"
VIDEO_CODECS = frozenset(_PICTURED.split())
AUDIO_CODECS = frozenset(_SOUNDED.split())
AUDIO_CODEC_PREFIXES = ("pcm_", "adpcm_")

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_BARE_QUICKTIME = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_MP3_KBPS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_KBPS_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MP3_HERTZ = (44100, 48000, 32000)


def takes(codec: str, *, sound: bool) -> bool:
    """Whether the codec (FFmpeg's canonical name) is one that is decoded here."""
    if sound:
        return codec in AUDIO_CODECS or codec.startswith(AUDIO_CODEC_PREFIXES)
    return codec in VIDEO_CODECS


def sniff(file: BinaryIO) -> Container | None:
    """The container whose signature the file carries, or `None` if it is none that is taken."""
    file.seek(0)
    head = file.read(HEAD)
    if head[:3] == b"ID3":
        file.seek(id3_length(head))
        tagged = file.read(HEAD)
        return FLAC if tagged[:4] == b"fLaC" else _sniff_frames(tagged) or MP3
    return _sniff_signature(head) or _sniff_frames(head)


def _sniff_signature(head: bytes) -> Container | None:
    plain: tuple[tuple[bytes, Container], ...] = (
        (b"\xff\xd8\xff", JPEG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"GIF87a", GIF),
        (b"GIF89a", GIF),
        (b"OggS", OGG),
        (b"fLaC", FLAC),
    )
    for signature, container in plain:
        if head.startswith(signature):
            return container
    if head[:4] in (b"RIFF", b"RF64"):
        return {b"WEBP": WEBP, b"AVI ": AVI, b"WAVE": WAV}.get(head[8:12])
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return _sniff_matroska(head)
    if head[4:8] == b"ftyp":
        return _sniff_brands(head)
    return MOV if head[4:8] in _BARE_QUICKTIME else None


def _sniff_matroska(head: bytes) -> Container | None:
    place = head.find(b"\x42\x82", 4, 128)
    if place < 0:
        return None
    length = head[place + 2] & 0x7F
    kind = head[place + 3 : place + 3 + length].rstrip(b"\0")
    return {b"webm": WEBM, b"matroska": MKV}.get(kind)


def _sniff_brands(head: bytes) -> Container:
    length = min(int.from_bytes(head[:4], "big"), 512)
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, length - 3, 4))}
    if major in _AVIF_BRANDS or (major in _HEIC_BRANDS and brands & _AVIF_BRANDS):
        return AVIF
    if major in _HEIC_BRANDS:
        return HEIC
    return MOV if major == b"qt  " else MP4


def id3_length(head: bytes) -> int:
    """How many bytes the ID3 tag takes that begins so."""
    size = 0
    for byte in head[6:10]:
        size = size << 7 | (byte & 0x7F)
    return 10 + size


def _sniff_frames(head: bytes) -> Container | None:
    """MP3 and AAC have no signature: two frame headers at the right distance are asked for."""
    for length, container in ((mp3_frame, MP3), (adts_frame, ADTS)):
        first = length(head[:8])
        if first and length(head[first : first + 8]):
            return container
    return None


def mp3_frame(header: bytes) -> int:
    """The length in bytes of the MPEG layer III frame that begins so; 0 if none does."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, rate, hertz = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or hertz == 3:
        return 0
    one = version == 3
    kbps = (_MP3_KBPS if one else _MP3_KBPS_LOW)[rate]
    rate_hz = _MP3_HERTZ[hertz] >> (0 if one else 1 if version == 2 else 2)
    return (144 if one else 72) * kbps * 1000 // rate_hz + (header[2] >> 1 & 1)


def adts_frame(header: bytes) -> int:
    """The length in bytes of the ADTS frame that begins so; 0 if none does."""
    if len(header) < 6 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
        return 0
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length >= 7 and header[2] >> 2 & 15 < 13 else 0
