"""What is said of a file of a kind that is not taken: what it is, and how its owner gets one that works. Any thread."""

from callup_desktop.files.errors import Params
from callup_desktop.presentation.language import Translatable
from callup_desktop.recordings.kinds import NO_SOUND, Family, coding_of, family_of

_SPELT = ("FLV", "M4A", "MP", "RTF", "SMV", "XML", "XZ", "xHE")
"""Kinds that are spelt out when they are read, and begin with a vowel then."""

_WISHED = {"MP3", "FLAC"}
"""Codings that the sentences ask for, as files of their own."""


class KindWriter(Translatable):
    """Sentences about kinds of files in one language."""

    def sentence(self, kind: str) -> str:
        """What the file is, and what to do about it."""
        family, coding = family_of(kind), coding_of(kind)
        if coding != kind and coding in _WISHED:
            coding = self.tr("{coding} inside a file of another kind").format(coding=coding)
        return self._sentence(family, kind).format(kind=kind, coding=coding)

    def video(self, kind: str, params: Params) -> str:
        """What to do about a video whose sound cannot be taken, or may not, "" where nothing special is known of it."""
        if beside := params.get("beside"):
            return self.tr("This is a video. Zoom saved its sound beside it: please add {name}.").format(name=beside)
        if coding := params.get("coding"):
            return self.tr(
                "The sound of this video is in {coding}, which we can't take. Export the sound as MP3 or M4A; set the"
                " recorder to AAC for the next ones."
            ).format(coding=coding)
        if params.get("reason") == NO_SOUND:
            return self.tr("This video has no sound. Check that the recorder hears the call.")
        return self._screen().format(coding=kind) if family_of(kind) is Family.SCREEN else ""

    def chip(self, kind: str) -> str:
        """A few words for a recording of a kind that is not taken, "" for what is none."""
        return "" if family_of(kind) is Family.NO_SOUND else self.tr("A kind we can't take")

    def short(self, kind: str) -> str:
        """What the file is, as a part of a sentence."""
        told = self.tr("it is an {kind}") if _begins_with_vowel(kind) else self.tr("it is a {kind}")
        return told.format(kind=kind)

    def _sentence(self, family: Family, kind: str) -> str:
        match family:
            case Family.TELEPHONE:
                return self.tr(
                    "This recording is in {coding}, a telephone format that we can't take. Ask the people who run your"
                    " telephone system to record as MP3, or as WAV in PCM."
                )
            case Family.DICTATION:
                return self.tr(
                    "This is a dictation in {coding}. Open it in the program of your dictation device and export it as"
                    " MP3 or WAV, then add that file."
                )
            case Family.VOICE_MESSAGE:
                return self.tr(
                    "This recording is in {coding}, as WhatsApp and Plaud save sound, which we can't take. Export or"
                    " convert it as MP3, then add that file."
                )
            case Family.PHONE:
                return self.tr(
                    "This recording is in {coding}, as some phones save sound, which we can't take. Convert it to MP3"
                    " and add that file; set the phone's recorder to M4A for the next ones."
                )
            case Family.WINDOWS_MEDIA:
                return self.tr(
                    "This recording is in {coding}, which we can't take. Save it as MP3 in your recorder's program and"
                    " add that file; set the recorder to MP3 for the next ones."
                )
            case Family.MAC:
                return self.tr(
                    "This recording is in {coding}, which we can't take. Open it in QuickTime Player, choose File,"
                    " Export As, Audio Only, then add the M4A."
                )
            case Family.SCREEN:
                return self._screen()
            case Family.SOUND:
                return self.tr(
                    "This recording is in {coding}, which we can't take. Export it as MP3, WAV, M4A or FLAC, then add"
                    " that file."
                )
            case Family.NO_SOUND if _begins_with_vowel(kind):
                return self.tr("This is an {kind} file. Please add an MP3, WAV, M4A or FLAC recording.")
            case Family.NO_SOUND:
                return self.tr("This is a {kind} file. Please add an MP3, WAV, M4A or FLAC recording.")

    def _screen(self) -> str:
        return self.tr(
            "This recording is in {coding}, as OBS and browsers save it. In OBS choose File, Remux Recordings, then add"
            " the MP4; from elsewhere, export it as MP3 or M4A."
        )


def _begins_with_vowel(kind: str) -> bool:
    """Whether the kind begins with a vowel when it is read in English."""
    return kind[:1] in "AEIOaeio" or kind.startswith(_SPELT)
