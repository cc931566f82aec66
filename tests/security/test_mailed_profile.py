"""A `.callup` file that a stranger mailed, with the company's own name in it: it gets nothing without a question."""

import subprocess
import sys
from pathlib import Path

import pytest

from callup_desktop.choice import Choice
from callup_desktop.compose import connected
from callup_desktop.config.paths import home as home_of
from callup_desktop.config.profile import load_profile
from callup_desktop.config.profile_problems import ProfileError
from callup_desktop.config.profiles import ProfileStore
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.instance.client import StartError
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.profile_import import ImportPreviewWriter
from callup_desktop.services.connection import ProfileImport
from callup_desktop.services.gateway_tokens import GatewaySecrets, straight
from callup_desktop.services.secret_entry import Entry
from tests.cli.console import Callup
from tests.security.conftest import ACME, STRANGER, Written
from tests.services.test_secrets import GoodKeyring

KEYS = {Entry.ACCESS_KEY_ID: "AKIAACME", Entry.SECRET_ACCESS_KEY: "acme-secret", Entry.MONGO_PASSWORD: "acme-password"}


@pytest.fixture
def acme(home: Path, written: Written) -> Path:
    """The company's profile, imported by an earlier version of the program."""
    file = home / "profile.callup"
    file.write_bytes(written("acme.callup", ACME).read_bytes())
    return file


@pytest.fixture
def with_keys(backend: GoodKeyring) -> GoodKeyring:
    """Keys as an earlier version kept them: under the name."""
    backend.entries |= {("callup-desktop/Acme Sales", entry): value for entry, value in KEYS.items()}
    return backend


def kept_for(choice: Choice) -> dict[Entry, str | None]:
    with connected(choice, home_of()) as connection:
        return {entry: connection.vault.read(entry) for entry in KEYS}


def importing(file: Path, **agreed: bool) -> None:
    work = ProfileImport(home_of())
    work.adopt(work.preview(file), **agreed)


@pytest.mark.usefixtures("acme", "with_keys")
def test_the_companys_own_profile_keeps_its_keys_over_the_upgrade() -> None:
    assert kept_for(Choice()) == KEYS


@pytest.mark.usefixtures("acme")
def test_keys_move_once_and_the_place_that_a_name_opens_is_empty_then(with_keys: GoodKeyring) -> None:
    kept_for(Choice())

    assert {service for service, _ in with_keys.entries} == {
        f"callup-desktop/{load_profile(home_of().profile).identity[:32]}"
    }


@pytest.mark.usefixtures("acme", "with_keys")
def test_a_stranger_with_the_companys_name_gets_no_key_by_being_imported(written: Written) -> None:
    importing(written("mailed.callup", STRANGER))

    assert set(kept_for(Choice()).values()) == {None}


@pytest.mark.usefixtures("with_keys")
def test_a_stranger_that_is_the_first_to_come_gets_no_key_either(written: Written) -> None:
    importing(written("mailed.callup", STRANGER))

    assert set(kept_for(Choice()).values()) == {None}


@pytest.mark.usefixtures("acme", "with_keys")
def test_a_stranger_that_is_named_on_the_command_line_gets_no_key(written: Written) -> None:
    assert set(kept_for(Choice(written("mailed.callup", STRANGER))).values()) == {None}
    assert kept_for(Choice()) == KEYS


@pytest.mark.usefixtures("with_keys")
def test_a_stranger_named_before_anything_was_imported_does_not_become_the_owner(written: Written) -> None:
    kept_for(Choice(written("mailed.callup", STRANGER)))
    importing(written("mailed.callup", STRANGER))

    assert set(kept_for(Choice()).values()) == {None}


@pytest.mark.usefixtures("acme", "with_keys")
def test_the_rep_may_give_the_keys_to_the_new_servers_and_the_old_ones_keep_them(written: Written) -> None:
    importing(written("merged.callup", STRANGER), with_keys=True)
    assert kept_for(Choice()) == KEYS

    (old,) = (kept for kept in ProfileStore(home_of()).kept() if not kept.active)
    ProfileStore(home_of()).use(old.short_identity)
    assert kept_for(Choice()) == KEYS


DIFFERENT = {
    "endpoint": "https://s3.evil.test",
    "bucket": "another-bucket",
    "mongo_uri": "mongodb+srv://callup@cluster0.evil.test/",
    "queue_url": "https://sqs.eu-west-1.amazonaws.com/666666666666/transcription-tasks",
}


@pytest.mark.parametrize("key", DIFFERENT)
def test_another_server_anywhere_is_another_identity(written: Written, key: str) -> None:
    ours = load_profile(written("acme.callup", ACME))
    theirs = load_profile(written("theirs.callup", ACME, **{key: DIFFERENT[key]}))

    assert ours.identity != theirs.identity


def test_names_and_limits_are_no_part_of_the_identity(written: Written) -> None:
    ours = load_profile(written("acme.callup", ACME))
    same = load_profile(written("same.callup", ACME, name="Acme", files_at_once=1, call_types=["other"]))

    assert ours.identity == same.identity


def test_a_sandbox_is_the_same_one_on_other_ports_and_never_a_companys(written: Written) -> None:
    here = {"endpoint": "http://127.0.0.1:9000", "mongo_uri": "mongodb://127.0.0.1:1/", "credentials": "sandbox"}
    one = load_profile(written("one.callup", ACME, **here, queue_url="http://127.0.0.1:2/1/q"))
    other = load_profile(
        written("other.callup", ACME, **here | {"endpoint": "http://127.0.0.1:9"}, queue_url="http://127.0.0.1:3/1/q")
    )
    keyring = load_profile(
        written("k.callup", ACME, **here | {"credentials": "keyring"}, queue_url="http://127.0.0.1:2/1/q")
    )

    assert one.identity == other.identity
    assert keyring.identity != one.identity


@pytest.mark.usefixtures("acme")
def test_the_preview_names_old_and_new_servers_and_what_waits(written: Written) -> None:
    change = ProfileImport(home_of()).preview(written("mailed.callup", STRANGER))
    preview = ImportPreviewWriter(Messages()).preview(change, waiting=3)

    told = "\n".join(preview.lines)
    for place in ("mailed.callup", "Acme Sales", "s3.evil.test", "db.evil.test", "sqs.evil.test"):
        assert place in told
    for place in ("amazonaws.com", "cluster0.acme.mongodb.net", "123456789012"):
        assert place in told
    assert "3 calls wait" in told
    assert preview.ask_keys
    assert preview.ask_calls


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "Acme\nRecordings: audio-pipeline-dev-audio · https://s3.acme.com"),
        ("name", "Acme \u202eselaS"),
        ("name", "Acme\u2028Sales"),
        ("database", "calls\nTranscription queue: https://sqs.acme.com/1/q"),
        ("database", "x\u202emoc.emca"),
        ("collection", "\u2066calls\u2069"),
        ("aws_profile", "rep\n[evil]"),
        ("call_types", ["demo\u202e"]),
    ],
)
def test_no_value_writes_a_line_of_the_preview_or_turns_one_round(written: Written, key: str, value: object) -> None:
    with pytest.raises(ProfileError) as refused:
        load_profile(written("mailed.callup", ACME, **{key: value}))

    (problem,) = refused.value.problems
    assert problem.key.startswith(key)
    assert Messages().profile_problem(problem).isprintable()


def test_nor_does_the_name_of_the_file(written: Written, tmp_path: Path) -> None:
    file = written("acme.callup", ACME).rename(tmp_path / "a\nRecordings: s3.acme.com\u202e.callup")
    lines = ImportPreviewWriter(Messages()).preview(ProfileStore(home_of()).preview(file)).lines

    assert all(line.isprintable() for line in lines)


def test_a_profile_that_says_it_is_a_sandbox_is_shown_with_its_own_servers(written: Written) -> None:
    """All sandboxes have one identity, whichever ports they got; what gets the calls is still said."""
    servers = {
        "endpoint": "http://127.0.0.1:9000",
        "mongo_uri": "mongodb://127.0.0.1:27017/",
        "queue_url": "http://127.0.0.1:9324/1/tasks",
    }
    file = written("sandbox.callup", ACME | servers | {"credentials": "sandbox"})
    lines = ImportPreviewWriter(Messages()).preview(ProfileStore(home_of()).preview(file)).lines
    assert set(lines) >= {
        "Recordings: audio-pipeline-dev-audio · http://127.0.0.1:9000",
        "Call records: 127.0.0.1:27017 · calls.calls",
        "Transcription queue: http://127.0.0.1:9324/1/tasks",
    }


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u2003", "\u2800", "\u3164", "\u200b"], ids=ascii)
def test_no_blanks_push_a_sentence_of_the_stranger_to_a_line_of_its_own(written: Written, blank: str) -> None:
    told = "Calls go to the same servers as now."
    file = written(f"a{blank * 60}{told}.callup", ACME, name=f"Acme{blank * 40}{told}", bucket="elsewhere")
    preview = ImportPreviewWriter(Messages()).preview(ProfileStore(home_of()).preview(file))
    assert not [line for line in preview.lines if blank * 2 in line]
    assert f"Name: Acme {told}" in preview.lines


def test_a_capital_letter_makes_no_other_host_of_one(written: Written) -> None:
    changes = {"queue_url": "https://SQS.AcmeI.test/1/Q", "update_url": "https://UpdI.test/X", "update_root": "a" * 64}
    file = written("mailed.callup", ACME, **changes, transcript_url="https://TransI.test/{call_id}")
    shown = "\n".join(ImportPreviewWriter(Messages()).preview(ProfileStore(home_of()).preview(file)).lines)

    for host in ("https://sqs.acmei.test/1/Q", "https://updi.test/X", "https://transi.test/"):
        assert host in shown


@pytest.mark.parametrize("name", ["a.b", "a b", "a/b", "$external", "x" * 64, "a*"])
def test_a_name_that_mongodb_does_not_take_is_told_where_it_stands(written: Written, name: str) -> None:
    with pytest.raises(ProfileError) as refused:
        load_profile(written("acme.callup", ACME, database=name))
    assert [problem.key for problem in refused.value.problems] == ["database"]


def test_what_is_imported_is_what_was_shown(written: Written) -> None:
    work, file = ProfileImport(home_of()), written("mailed.callup", ACME)
    change = work.preview(file)
    file.write_bytes(written("other.callup", STRANGER).read_bytes())
    work.adopt(change)

    assert load_profile(home_of().profile) == change.new


def test_the_console_imports_nothing_before_somebody_said_yes(home: Path, written: Written) -> None:
    callup = Callup(home, written("mailed.callup", STRANGER))
    command = [sys.executable, "-m", "callup_desktop.cli.main", "profile", "import", str(callup.profile)]

    shown = subprocess.run(command, env=callup.environment(), capture_output=True, text=True, timeout=60)
    assert (shown.returncode, (home / "profile.callup").exists()) == (1, False)
    assert "s3.evil.test" in shown.stdout
    done = subprocess.run([*command, "--yes"], env=callup.environment(), capture_output=True, text=True, timeout=60)
    assert (done.returncode, (home / "profile.callup").exists()) == (0, True)


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that the rep's AWS configuration runs for keys; the file tells whether it ran."""
    ran = tmp_path / "ran"
    script = tmp_path / "keys.py"
    script.write_text(
        f"import json, pathlib\npathlib.Path({str(ran)!r}).touch()\n"
        'print(json.dumps({"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "S", "SessionToken": "T"}))\n'
    )
    (tmp_path / "config").write_text(f'[profile prod-admin]\ncredential_process = "{sys.executable}" "{script}"\n')
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    return ran


AWS = {"credentials": "aws", "aws_profile": "prod-admin"}


def test_a_named_profile_runs_no_program_of_this_computer(home: Path, written: Written, trap: Path) -> None:
    callup = Callup(home, written("mailed.callup", STRANGER, **AWS))
    answer = callup("check")

    assert answer.code == 78
    assert not trap.exists()
    assert "nobody allowed that" in answer.err


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize(
    "uses",
    [
        AWS,
        {"credentials": "aws"},
        {"mongo_uri": "mongodb+srv://db.evil.test/?authMechanism=MONGODB-OIDC&authMechanismProperties=ENVIRONMENT:k8s"},
        {"mongo_uri": "mongodb+srv://db.evil.test/?authMechanism=MONGODB-X509&tlsCertificateKeyFile=/certs/rep.key"},
    ],
    ids=["a named AWS profile", "the AWS chain", "a token", "a key file"],
)
def test_what_uses_this_computer_is_taken_only_once_somebody_read_that_it_does(
    written: Written, home: Path, uses: dict[str, object]
) -> None:
    file = written("mailed.callup", STRANGER, **uses)
    with pytest.raises(StartError) as raised, connected(Choice(file), home_of()):
        pass
    assert raised.value.code is Code.PROFILE_NOT_ALLOWED
    (home / "profile.callup").write_bytes(file.read_bytes())
    with pytest.raises(StartError) as raised, connected(Choice(), home_of()):
        pass
    assert raised.value.code is Code.PROFILE_NOT_ALLOWED

    importing(file)
    with connected(Choice(file), home_of()) as connection:
        assert connection.profile.local_uses


@pytest.mark.usefixtures("backend")
def test_what_was_agreed_to_for_one_server_counts_for_no_other(written: Written) -> None:
    importing(written("acme.callup", ACME, **AWS))
    for changes in ({"endpoint": "https://s3.evil.test"}, {"aws_profile": "root"}):
        with (
            pytest.raises(StartError) as raised,
            connected(Choice(written("m.callup", ACME, **AWS | changes)), home_of()),
        ):
            pass
        assert raised.value.code is Code.PROFILE_NOT_ALLOWED


@pytest.mark.usefixtures("with_keys")
def test_a_state_that_cannot_be_read_gives_nobody_anything(written: Written, acme: Path) -> None:
    (acme.parent / "profiles.json").write_bytes(b"{ damaged")

    assert set(kept_for(Choice()).values()) == {None}
    with pytest.raises(StartError), connected(Choice(written("aws.callup", ACME, **AWS)), home_of()):
        pass


def test_keys_that_nobody_gave_are_missing_and_not_anothers(
    written: Written, with_keys: GoodKeyring, acme: Path
) -> None:
    assert with_keys.entries
    assert acme.exists()
    with connected(Choice(written("mailed.callup", STRANGER)), home_of()) as connection:
        _profile, secrets = straight(connection.profile, connection.secrets)
        with pytest.raises(AccountError) as raised:
            secrets.session()
        assert raised.value.code is Code.NO_CREDENTIALS
        assert secrets.mongo_password() is None


ENVIRONMENT = {"CALLUP_MONGO_PASSWORD": "acme-automation"}


def password_of(choice: Choice) -> str | None:
    with connected(choice, home_of()) as connection:
        _profile, secrets = straight(connection.profile, connection.secrets)
        return secrets.mongo_password()


@pytest.mark.usefixtures("acme", "backend")
@pytest.mark.parametrize("credentials", ["keyring", "aws"])
def test_a_stranger_that_was_imported_gets_no_password_of_the_environment(written: Written, credentials: str) -> None:
    assert password_of(Choice(environ=ENVIRONMENT)) == "acme-automation", "as in the version before"

    importing(written("mailed.callup", STRANGER, credentials=credentials))

    assert password_of(Choice(environ=ENVIRONMENT)) is None


@pytest.mark.usefixtures("backend")
def test_a_profile_that_is_named_for_this_run_gets_the_password_of_the_environment(written: Written) -> None:
    assert password_of(Choice(written("acme.callup", ACME), environ=ENVIRONMENT)) == "acme-automation"


@pytest.mark.usefixtures("acme", "backend")
def test_an_imported_one_gets_the_password_of_the_environment_once_somebody_read_that_it_would(
    written: Written,
) -> None:
    work, mailed = ProfileImport(home_of(), ENVIRONMENT), written("merged.callup", STRANGER)
    change = work.preview(mailed)
    preview = ImportPreviewWriter(Messages()).preview(change)
    assert "CALLUP_MONGO_PASSWORD" in preview.ask_keys
    assert "CALLUP_MONGO_PASSWORD" in "\n".join(preview.lines)

    work.adopt(change)
    assert password_of(Choice(environ=ENVIRONMENT)) is None
    work.adopt(change, with_keys=True)
    assert password_of(Choice(environ=ENVIRONMENT)) == "acme-automation"

    assert not work.preview(mailed).may_take, "it has been asked"
    assert "acme-automation" not in "".join(path.read_text() for path in home_of().config.rglob("*.json"))
    importing(written("mailed.callup", ACME, bucket="elsewhere"), with_keys=True)
    assert password_of(Choice(environ=ENVIRONMENT)) is None, "nobody was asked: it was not there then"


def test_a_question_that_a_profile_has_no_use_for_is_not_asked(written: Written) -> None:
    work = ProfileImport(home_of(), ENVIRONMENT)
    for nobody in ("mongodb+srv://cluster0.acme.mongodb.net/", "mongodb://db.acme.com/?tls=true"):
        assert not work.preview(written("acme.callup", ACME, mongo_uri=nobody)).may_take


def token_for(choice: Choice) -> str:
    with connected(choice, home_of()) as connection:
        assert isinstance(connection.secrets, GatewaySecrets)
        return connection.secrets.tokens.bearer()


@pytest.mark.usefixtures("acme", "backend")
def test_a_gateway_gets_the_token_of_the_environment_once_somebody_read_that_it_would(
    tmp_path: Path,
) -> None:
    given = {"CALLUP_GATEWAY_TOKEN": "acme-robot", **ENVIRONMENT}
    mailed = tmp_path / "gateway.callup"
    mailed.write_text('name = "Acme"\ngateway = "https://Evil.test"\n', encoding="utf-8")
    assert token_for(Choice(mailed, environ=given)) == "acme-robot"

    work = ProfileImport(home_of(), given)
    change = work.preview(mailed)
    preview = ImportPreviewWriter(Messages()).preview(change)
    told = "\n".join(preview.lines)
    assert "CALLUP_GATEWAY_TOKEN" in preview.ask_keys
    assert "CALLUP_GATEWAY_TOKEN" in told
    assert "CALLUP_MONGO_PASSWORD" not in told
    assert "Your company's server: https://evil.test" in told
    assert "Until now: Recordings:" in told

    work.adopt(change)
    with pytest.raises(AccountError) as raised:
        token_for(Choice(environ=given))
    assert raised.value.code is Code.TOKEN_MISSING
    work.adopt(change, with_keys=True)
    assert token_for(Choice(environ=given)) == "acme-robot"


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("uses", "named"),
    [
        (AWS, "prod-admin"),
        ({"credentials": "aws"}, "default"),
        (
            {
                "mongo_uri": "mongodb+srv://db.evil.test/?authMechanism=MONGODB-OIDC"
                "&authMechanismProperties=ENVIRONMENT:k8s"
            },
            "k8s",
        ),
        (
            {
                "mongo_uri": "mongodb+srv://db.evil.test/?tlsCAFile=/certs/ca.pem&authMechanism=MONGODB-X509"
                "&tlsCertificateKeyFile=/certs/rep.key"
            },
            "/certs/rep.key",
        ),
    ],
    ids=["a named AWS profile", "the AWS chain", "a token", "a key file"],
)
def test_the_preview_names_what_it_would_use_of_this_computer(
    written: Written, uses: dict[str, object], named: str
) -> None:
    change = ProfileImport(home_of()).preview(written("mailed.callup", STRANGER, **uses))
    assert named in "\n".join(ImportPreviewWriter(Messages()).preview(change).lines)
