"""Which family a kind of file that is not taken belongs to: what its owner can do follows. Pure, any thread."""

import re
from enum import StrEnum
from pathlib import PurePath

from callup_desktop.files.scan import Selection
from callup_desktop.recordings.formats import SUFFIXES, VIDEO_SUFFIXES
from callup_desktop.recordings.recording import VideoPolicy

NO_SOUND = "no_sound"
"""The reason of a refusal: a video without any sound."""


class Family(StrEnum):
    """Kinds of files whose owners can do the same about them."""

    TELEPHONE = "telephone"
    """Codings of telephone systems: Asterisk, Avaya."""
    DICTATION = "dictation"
    """DSS of Olympus, Philips and Grundig; DVF of Sony."""
    VOICE_MESSAGE = "voice_message"
    """Opus and Speex: WhatsApp, Plaud."""
    PHONE = "phone"
    """AMR: Samsung and older phones."""
    WINDOWS_MEDIA = "windows_media"
    """WMA: Olympus and Windows."""
    MAC = "mac"
    """AIFF, CAF and what only Apple's own programs read."""
    SCREEN = "screen"
    """Matroska, WebM and FLV: OBS, browsers."""
    SOUND = "sound"
    """Other sound."""
    NO_SOUND = "no_sound"
    """Everything else."""


_CODINGS = {
    Family.TELEPHONE: (
        "GSM",
        "G.711",
        "G.719",
        "G.721",
        "G.722",
        "G.722.1",
        "G.723",
        "G.723 ADPCM",
        "G.723.1",
        "G.726",
        "G.728",
        "G.729",
        "iLBC",
        "mu-law",
        "A-law",
        "IMA ADPCM",
        "OKI ADPCM",
        "Dialogic ADPCM",
        "Microsoft ADPCM",
        "Yamaha ADPCM",
        "TrueSpeech",
        "ACELP",
        "CELP",
        "HVXC",
        "EVRC",
        "QCELP",
        "SMV",
        "PCM without a header",
    ),
    Family.DICTATION: ("DSS", "DVF"),
    Family.VOICE_MESSAGE: ("Ogg Opus", "Ogg Speex", "Opus", "Speex", "SILK"),
    Family.PHONE: ("AMR", "QCP"),
    Family.WINDOWS_MEDIA: ("WMA", "Windows Media"),
    Family.MAC: ("AIFF", "CAF", "APAC", "MACE", "QDesign", "PCM"),
    Family.SCREEN: ("Matroska", "WebM", "FLV", "Matroska video", "WebM video", "FLV video"),
    Family.SOUND: (
        "AAC",
        "AU",
        "DSDIFF",
        "DSF",
        "DST",
        "DTS",
        "Dolby AC-4",
        "Dolby Digital",
        "Dolby Digital Plus",
        "Dolby TrueHD",
        "FLAC",
        "HILN",
        "IFF",
        "IRCAM",
        "MP1",
        "MP2",
        "MP3",
        "MPEG",
        "MPEG Surround",
        "MPEG-4 ALS",
        "MPEG-4 SLS",
        "MPEG-H",
        "Monkey's Audio",
        "Musepack",
        "NIST SPHERE",
        "Ogg",
        "Ogg FLAC",
        "Ogg Vorbis",
        "RealMedia",
        "SMAF",
        "SSC",
        "SoX",
        "TTA",
        "VOC",
        "Vorbis",
        "W64",
        "WavPack",
        "big-endian WAV",
        "free-format MP3",
        "raw AAC",
        "xHE-AAC",
    ),
}
_FAMILIES = {coding: family for family, codings in _CODINGS.items() for coding in codings}
_INSIDE = re.compile(r"(?:WAV|MP4) \((.+)\)")
"""How the probe names a coding inside of a container that may hold others."""

# Sound without a header says nothing of itself; telephone systems name it by its coding.
_SUFFIXES = {
    ".gsm": "GSM",
    ".ulaw": "mu-law",
    ".ul": "mu-law",
    ".mulaw": "mu-law",
    ".mu": "mu-law",
    ".pcmu": "mu-law",
    ".alaw": "A-law",
    ".al": "A-law",
    ".pcma": "A-law",
    ".sln": "PCM without a header",
    ".slin": "PCM without a header",
    ".pcm": "PCM without a header",
    ".raw": "PCM without a header",
    ".g711": "G.711",
    ".g719": "G.719",
    ".g722": "G.722",
    ".g723": "G.723",
    ".g723sf": "G.723",
    ".g726": "G.726",
    ".g729": "G.729",
    ".vox": "Dialogic ADPCM",
    ".ilbc": "iLBC",
    ".lbc": "iLBC",
    ".siren7": "G.722.1",
    ".siren14": "G.722.1",
    ".amr": "AMR",
    ".awb": "AMR",
    ".dss": "DSS",
    ".ds2": "DSS",
    ".dvf": "DVF",
    ".msv": "DVF",
    ".ac3": "Dolby Digital",
    ".eac3": "Dolby Digital Plus",
    ".dts": "DTS",
}
_RATE = re.compile(r"(\.(?:sln|slin|g726|g722))-?\d+$")
"""Asterisk puts the rate behind: sln16, g726-32."""
_ZOOM_SOUND = (
    (re.compile(r"video(\d+)\.mp4", re.I), "audio{}.m4a"),
    (re.compile(r"zoom_0\.mp4", re.I), "audio_only.m4a"),
    (re.compile(r"zoom_(\d+)\.mp4", re.I), "audio_only_{}.m4a"),
    (re.compile(r"(GMT\d{8}-\d{6}_Recording).*\.mp4", re.I), "{}.m4a"),
)
"""How Zoom names a video and the sound that it saves beside it."""
_ZOOM_NAMES = re.compile(r"zoom_\d|double_click_to_convert|audio_only|video\d{5,}|GMT\d{8}-\d{6}", re.I)
ZOOM = "Zoom"


def coding_of(kind: str) -> str:
    """The coding in a kind: `GSM` of `WAV (GSM)`."""
    inside = _INSIDE.fullmatch(kind)
    return inside[1] if inside else kind


def family_of(kind: str) -> Family:
    """The family of a kind as the probe names it; what is inside of a WAV or MP4 is sound of some kind."""
    coding = coding_of(kind)
    return _FAMILIES.get(coding, Family.NO_SOUND if coding == kind else Family.SOUND)


def kind_by_name(name: str) -> str | None:
    """The kind of sound without a header that a file of this name holds, None where the name does not say."""
    suffix = PurePath(name).suffix.lower()
    told = _RATE.fullmatch(suffix)
    return _SUFFIXES.get(told[1] if told else suffix)


def recorder_of(path: PurePath) -> str | None:
    """ZOOM where the file or the folder around it is named as Zoom names them, else None."""
    zooms = path.suffix.lower() == ".zoom" or _ZOOM_NAMES.match(path.name)
    return ZOOM if zooms or any(part.lower() == "zoom" for part in path.parts[:-1]) else None


def selection_of(video: VideoPolicy) -> Selection:
    """How the recordings in folders are named; a video beside which Zoom saved the sound is not one of them."""
    videos = VIDEO_SUFFIXES if video is VideoPolicy.SOUND else frozenset()
    return Selection(SUFFIXES | videos, sound_beside)


def sound_beside(name: str) -> str:
    """How the sound is named that Zoom saves beside a video of this name, "" where it is not Zoom's."""
    found = ((pattern.fullmatch(name), beside) for pattern, beside in _ZOOM_SOUND)
    return next((beside.format(*match.groups()) for match, beside in found if match), "")
