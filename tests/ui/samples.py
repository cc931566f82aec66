"""The calls of the pictures in the design, as jobs."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from callup_desktop.calls.metadata import Details
from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import Code
from callup_desktop.engine.job import Job, State, Trouble
from callup_desktop.files.errors import Refusal
from tests.ui.fake_engine import NOW, recording

MIB = 1024**2
ACME = Details("Acme Corp", "john@acme.com", "sales")
GLOBEX = Details("Globex", "mary@globex.com", "demo")
INITECH = Details("Initech", "bill@initech.com", "support")
UMBRELLA = Details("Umbrella", "ada@umbrella.com", "sales")
PAST = (ACME, GLOBEX, INITECH, UMBRELLA)
CALL_ID = "550e8400-e29b-41d4-a716-446655440000"

PROFILE = Profile(
    name="Acme Sales",
    bucket="audio-pipeline-dev-audio",
    region="eu-west-1",
    mongo_uri="mongodb+srv://callup@cluster0.acme.mongodb.net/",
    database="calls",
    queue_url="https://sqs.eu-west-1.amazonaws.com/123456789012/transcription-tasks",
)


def draft(job_id: str, name: str, size: float, seconds: float, details: Details | None = None) -> Job:
    """A checked draft; size in MiB."""
    kind = Path(name).suffix.lstrip(".")
    return Job(
        id=job_id,
        state=State.DRAFT,
        path=Path("/recordings") / name,
        added_at=NOW,
        recording=replace(recording(kind, int(size * MIB), seconds), crc64nvme=f"{job_id}=="),
        checked_at=NOW - timedelta(minutes=1),
        details=details or Details(),
    )


def sending(job: Job, state: State, permille: int) -> Job:
    """The draft on its way, so far uploaded."""
    stored = job.size * permille // 1000
    return replace(
        job,
        state=state,
        submitted_at=NOW,
        bucket=PROFILE.bucket,
        key=f"2026/11/20/{job.id}.{job.path.suffix.lstrip('.')}",
        part_size=5 * MIB + 238_000,
        stored=stored,
        upload_id="upload",
    )


def uploaded(job: Job, state: State, at: datetime = NOW) -> Job:
    """All of it is in the store."""
    whole = sending(job, state, 1000)
    return replace(whole, upload_id=None, etag="etag", checksum="CRC64NVME:4mYc0P3vQeM=", uploaded_at=at)


def done(job: Job, at: datetime) -> Job:
    """Sent at this moment."""
    return replace(
        uploaded(job, State.DONE, at - timedelta(seconds=1)),
        checked_at=at - timedelta(minutes=2, seconds=50),
        registered_at=at,
        announced_at=at,
        message_id="5fea7756-0ea4-451a-a703-a558b933e274",
    )


def working() -> tuple[Job, ...]:
    """Picture 2."""
    return (
        sending(draft(CALL_ID, "Acme quarterly review.wav", 486, 2892, ACME), State.RUNNING, 624),
        sending(draft("b", "globex-demo.mp3", 11.6, 763, GLOBEX), State.RUNNING, 184),
        sending(draft("c", "Initech onboarding call.m4a", 29.8, 1865, INITECH), State.PAUSED, 414),
        uploaded(draft("d", "umbrella_discovery_final_v2.flac", 301, 3340, UMBRELLA), State.RUNNING),
        draft("e", "Acme-kickoff.wav", 224, 1338),
        draft("f", "Acme-followup.mp3", 7.4, 482),
        Job(
            id="g",
            state=State.DRAFT,
            path=Path("/recordings/notes.mp3"),
            added_at=NOW,
            trouble=Trouble(Refusal.UNSUPPORTED, NOW, params={"kind": "PDF"}),
        ),
    )


def offline() -> tuple[Job, ...]:
    """Picture 3."""
    waits = Trouble(Code.OFFLINE, NOW)
    first = draft(CALL_ID, "Acme quarterly review 2026-11-20.wav", 486, 2892, ACME)
    denied = Trouble(Code.ACCESS_DENIED, NOW)
    return (
        replace(sending(first, State.QUEUED, 624), trouble=waits, retry_at=NOW),
        replace(
            sending(draft("b", "globex-demo.mp3", 11.6, 763, GLOBEX), State.QUEUED, 184), trouble=waits, retry_at=NOW
        ),
        replace(
            uploaded(draft("d", "umbrella_discovery_final_v2.flac", 301, 3340, UMBRELLA), State.QUEUED),
            trouble=Trouble(Code.REGISTRY_UNREACHABLE, NOW),
            retry_at=NOW,
        ),
        replace(
            sending(draft("c", "Initech onboarding call.m4a", 29.8, 1865, INITECH), State.FAILED, 414), trouble=denied
        ),
    )


def sent() -> list[Job]:
    """Picture 4; all in all 148."""
    first = draft(CALL_ID, "Acme quarterly review.wav", 486, 2892, ACME)
    found = [
        done(first, NOW + timedelta(minutes=1, seconds=52)),
        done(draft("b", "globex-demo.mp3", 11.6, 763, GLOBEX), NOW - timedelta(minutes=1)),
        done(draft("d", "umbrella_discovery_final_v2.flac", 301, 3340, UMBRELLA), NOW - timedelta(days=1)),
    ]
    older = draft("old", "hooli-renewal.m4a", 18.2, 1250, Details("Hooli", "gavin@hooli.com", "sales"))
    return found + [done(replace(older, id=f"old-{n}"), NOW - timedelta(days=2 + n)) for n in range(145)]
