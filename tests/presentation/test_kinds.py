"""What is said of a file that is not taken names it rightly, and says how to get one that works."""

import pytest

from callup_desktop.engine.job import Trouble
from callup_desktop.files.errors import Refusal
from callup_desktop.presentation.messages import Messages
from callup_desktop.recordings.kinds import Family, family_of, kind_by_name, selection_of
from callup_desktop.recordings.recording import VideoPolicy
from tests.recordings.corpus import CASES
from tests.recordings.shelf import NOW as _NOW
from tests.recordings.shelf import PATH, Shelf
from tests.recordings.studio import m4a, sound_entry
from tests.ui.fake_engine import NOW

_RECORDERS = [
    ("WAV (GSM)", "telephone system"),
    ("WAV (G.729)", "telephone system"),
    ("WAV (IMA ADPCM)", "telephone system"),
    ("GSM", "telephone system"),
    ("mu-law", "telephone system"),
    ("PCM without a header", "telephone system"),
    ("DSS", "dictation device"),
    ("DVF", "dictation device"),
    ("Ogg Opus", "WhatsApp and Plaud"),
    ("MP4 (Opus)", "WhatsApp and Plaud"),
    ("AMR", "recorder to M4A"),
    ("MP4 (AMR)", "recorder to M4A"),
    ("WMA", "recorder to MP3"),
    ("AIFF", "QuickTime Player"),
    ("MP4 (APAC)", "QuickTime Player"),
    ("Matroska", "Remux Recordings"),
    ("FLV", "Remux Recordings"),
    ("MP4 (xHE-AAC)", "Export it as MP3"),
    ("WAV (codec 0x9999)", "Export it as MP3"),
]


@pytest.mark.parametrize(("policy", "videos"), [(VideoPolicy.SOUND, True), (VideoPolicy.REFUSE, False)])
def test_videos_in_folders_are_recordings_where_the_company_takes_their_sound(
    policy: VideoPolicy, *, videos: bool
) -> None:
    selection = selection_of(policy)

    assert {".mp3", ".wav", ".m4a", ".flac"} <= selection.suffixes
    assert (".mp4" in selection.suffixes, ".mov" in selection.suffixes) == (videos, videos)
    assert selection.better("zoom_0.mp4") == "audio_only.m4a"
    assert selection.better("audio_only.m4a") == ""


@pytest.mark.parametrize(("kind", "advice"), _RECORDERS)
def test_a_recording_of_another_kind_is_named_and_its_owner_told_what_to_do(
    kind: str, advice: str, german: Messages
) -> None:
    messages, trouble = Messages(), Trouble(Refusal.UNSUPPORTED, NOW, params={"kind": kind})

    sentence = messages.sentence(trouble)

    assert advice in sentence
    assert kind.removeprefix("WAV (").removeprefix("MP4 (").rstrip(")") in sentence
    assert "WAV (" not in sentence
    assert messages.chip(trouble) == "A kind we can't take"
    assert german.chip(trouble) not in {"", messages.chip(trouble)}
    assert german.sentence(trouble) != sentence
    assert "{" not in german.sentence(trouble)


@pytest.mark.parametrize("kind", ["MP4 (MP3)", "MP4 (FLAC)", "WAV (FLAC)"])
def test_a_coding_that_is_wished_for_is_refused_only_for_what_it_is_inside_of(kind: str, german: Messages) -> None:
    said = [messages.of_code(Refusal.UNSUPPORTED, {"kind": kind}) for messages in (Messages(), german)]

    assert "inside a file of another kind, which we can't take" in said[0]
    assert "in einer Datei anderer Art" in said[1]


def test_a_wav_of_a_telephone_system_is_never_answered_with_a_wish_for_a_wav() -> None:
    sentence = Messages().of_code(Refusal.UNSUPPORTED, {"kind": "WAV (GSM)"})

    assert "WAV in PCM" in sentence
    assert "WAV file" not in sentence


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("PDF", "a PDF"),
        ("XML", "an XML"),
        ("Excel (XLSX)", "an Excel (XLSX)"),
        ("RTF", "an RTF"),
        ("ZIP", "a ZIP"),
        ("OpenDocument", "an OpenDocument"),
        ("text", "a text"),
    ],
)
def test_an_article_fits_its_kind(kind: str, said: str) -> None:
    trouble = Trouble(Refusal.UNSUPPORTED, NOW, params={"kind": kind})

    assert Messages().sentence(trouble).startswith(f"This is {said} file.")
    assert Messages().advice(trouble) == f"it is {said}"
    assert Messages().chip(trouble) == "Not an audio recording"


def test_each_kind_of_sound_in_the_corpus_has_a_family() -> None:
    sound = {case.kind for case in CASES if case.code is Refusal.UNSUPPORTED and case.kind}
    others = {kind for kind in sound if family_of(kind) is Family.NO_SOUND}

    assert {
        "AMR", "AIFF", "CAF", "DSS", "DVF", "WMA", "W64", "AU", "raw AAC", "MP2", "WavPack", "Ogg FLAC", "Matroska",
    } <= sound - others  # fmt: skip
    assert {"PDF", "ZIP", "text", "JSON", "JPEG", "HEIC", "playlist"} <= others


@pytest.mark.parametrize("kind", ["Matroska video", "WebM video", "FLV video"])
def test_a_video_of_obs_or_a_browser_may_be_turned_into_one_that_is_taken(kind: str) -> None:
    messages = Messages()

    assert "Remux Recordings" in messages.of_code(Refusal.VIDEO, {"kind": kind})
    assert "export audio only" in messages.of_code(Refusal.VIDEO, {"kind": "MPEG video"})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("call.gsm", "GSM"),
        ("CALL.ULAW", "mu-law"),
        ("call.alaw", "A-law"),
        ("in.sln", "PCM without a header"),
        ("in.sln48", "PCM without a header"),
        ("in.g726-32", "G.726"),
        ("in.g729", "G.729"),
        ("in.vox", "Dialogic ADPCM"),
        ("in.dss", "DSS"),
        ("in.mp3", None),
        ("gsm", None),
    ],
)
def test_sound_without_a_header_is_known_by_its_name(name: str, kind: str | None) -> None:
    shelf = Shelf(bytes(range(7, 250)) * 40)

    verdict = shelf.verdict_at(PATH.with_name(name))

    assert kind_by_name(name) == kind
    expected = (Refusal.UNSUPPORTED, kind) if kind else (Refusal.CORRUPT, "unknown")
    assert (verdict.code, verdict.params["kind"]) == expected


def test_zoom_is_named_for_zooms_files_only() -> None:
    whole = m4a(sound_entry(b"mp4a"))
    shelf = Shelf(whole[: whole.index(b"moov") - 4] + whole[whole.index(b"mdat") - 4 :], age=_NOW)
    messages = Messages()
    zooms = ("zoom_0.mp4", "double_click_to_convert_01.zoom", "audio_only.m4a", "GMT20261126-203000_Recording.m4a")

    for path in (*map(PATH.with_name, zooms), PATH.parent / "Zoom" / "2026-11-26 Acme" / "audio123.m4a"):
        verdict = shelf.verdict_at(path)
        assert verdict.code == Refusal.CORRUPT
        assert "Open Zoom" in messages.of_code(verdict.code, verdict.params)
    for name in ("call.m4a", "zoomed.m4a", "my audio_only.m4a"):
        verdict = shelf.verdict_at(PATH.with_name(name))
        assert verdict.code == Refusal.CORRUPT
        assert "Zoom" not in messages.of_code(verdict.code, verdict.params)


def test_a_video_whose_sound_cannot_be_sent_says_what_to_do(german: Messages) -> None:
    for params, words in (
        ({"beside": "audio123.m4a"}, "please add audio123.m4a"),
        ({"coding": "Opus"}, "in Opus"),
        ({"reason": "no_sound"}, "has no sound"),
        ({}, "export audio only"),
    ):
        told = {"kind": "MP4 video", **params}
        assert words in Messages().of_code(Refusal.VIDEO, told)
        assert german.of_code(Refusal.VIDEO, told) != Messages().of_code(Refusal.VIDEO, told)
