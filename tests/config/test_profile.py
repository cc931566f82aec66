"""The admin's file: what is taken, and what is said of a mistake in it."""

from functools import partial
from pathlib import Path

import pytest

from callup_desktop.config.destination import GatewayDestination
from callup_desktop.config.paths import home
from callup_desktop.config.policy import managed_profile
from callup_desktop.config.profile import GatewayProfile, load_any_profile, load_profile
from callup_desktop.config.profile_problems import ProblemCode, ProfileError
from callup_desktop.config.transcripts import transcript_page
from callup_desktop.presentation.messages import Messages
from callup_desktop.services.queue_address import address_of

GOOD = """
name = "Acme Sales"
bucket = "audio-pipeline-dev-audio"
region = "eu-west-1"
mongo_uri = "mongodb+srv://callup@cluster0.acme.mongodb.net/calls"
database = "calls"
queue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/transcription-tasks.fifo"
call_types = ["Demo", "Support", "Sales", "demo"]
uploaded_by = "rep@company.com"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "acme.callup"
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path) -> str:
    """What the console says of them; none of them gives away what the file holds."""
    with pytest.raises(ProfileError) as raised:
        load_any_profile(path)
    told = "; ".join(map(Messages().profile_problem, raised.value.problems))
    assert "secret" not in str(raised.value) + told
    return told


def test_a_good_profile_is_taken(tmp_path: Path) -> None:
    profile = load_profile(written(tmp_path, GOOD))
    assert profile.call_types == ("demo", "support", "sales")
    assert profile.queue_is_fifo
    assert address_of(profile.queue_url, "us-east-1").endpoint == "https://sqs.eu-west-1.amazonaws.com"
    assert profile.credentials == "keyring"


@pytest.mark.parametrize(
    "folder",
    ["~/Documents/Zoom", "%USERPROFILE%\\\\Documents", "$HOME/Zoom", "/srv/calls", "S:\\\\Calls", "\\\\\\\\nas\\\\x"],
)
def test_a_watched_folder_is_named_in_full(tmp_path: Path, folder: str) -> None:
    profile = load_profile(written(tmp_path, f'{GOOD}watch_folder = "{folder}"'))
    assert profile.watch_folder == folder.replace("\\\\", "\\")


@pytest.mark.parametrize(
    ("template", "page"),
    [
        ("https://calls.acme.com/transcripts/{call_id}", "https://calls.acme.com/transcripts/a%2Fb"),
        ("https://calls.acme.com/?call={call_id}&view=text", "https://calls.acme.com/?call=a%2Fb&view=text"),
        ("http://localhost:8080/app#/calls/{call_id}", "http://localhost:8080/app#/calls/a%2Fb"),
    ],
)
def test_a_template_leads_to_the_transcript_of_a_call_and_nowhere_else(
    tmp_path: Path, template: str, page: str
) -> None:
    profile = load_profile(written(tmp_path, f'{GOOD}transcript_url = "{template}"'))
    assert profile.transcript_url == template
    assert transcript_page(template, "a/b") == page


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('bucket = "audio-pipeline-dev-audio"\n', "", "the key 'bucket' is missing"),
        ("region", "colour", "the key 'colour' is not known"),
        ("callup@cluster0", "callup:secret@cluster0", "password"),
        ("mongodb+srv://callup@cluster0.acme.mongodb.net", "mongodb://db.acme.com", "TLS"),
        ("https://sqs", "http://sqs", "plain http"),
        ("amazonaws.com/123456789012/transcription-tasks.fifo", "amazonaws.com/", "names no queue"),
        ('call_types = ["Demo"', 'call_types = [""', "call type is empty"),
        ("call_types", "channels = 3\ncall_types", "'channels' must be 2 or less"),
        ('name = "Acme Sales"', "name = ", "not valid TOML"),
        ("rep@company.com", "rep", "uploaded_by"),
        ('region = "eu-west-1"', 'credentials = "sandbox"', "sandbox"),
        ('region = "eu-west-1"', 'update_url = "https://updates.acme.com"', "go together"),
        ('region = "eu-west-1"', f'update_root = "{"0" * 64}"', "go together"),
        ('region = "eu-west-1"', 'watch_folder = "Zoom"', "'watch_folder' must be a full path"),
        ('region = "eu-west-1"', 'transcript_url = "https://calls.acme.com/"', "with {call_id} once behind the host"),
        ('region = "eu-west-1"', 'transcript_url = "https://{call_id}.acme.com/"', "once behind the host"),
        ('region = "eu-west-1"', 'transcript_url = "https://a.com/{call_id}/{call_id}"', "once behind the host"),
        ('region = "eu-west-1"', 'transcript_url = "https://a.com/?x=<{call_id}>"', "once behind the host"),
        ('region = "eu-west-1"', 'transcript_url = "http://a.com/{call_id}"', "plain http"),
        ('region = "eu-west-1"', 'transcript_url = "file:///{call_id}"', "'transcript_url' is not a web address"),
        ('region = "eu-west-1"', 'transcript_url = "https://rep:secret@a.com/{call_id}"', "password"),
        ('region = "eu-west-1"', 'watch_send = "perhaps"', "'watch_send' must be true or false"),
        ('region = "eu-west-1"', "name_rules = ['(?P<company>']", "'name_rules.0' is not a pattern that can be used"),
        ('region = "eu-west-1"', "name_rules = ['(?P<company>.)', '(.)']", "'name_rules.1' must name groups"),
        ('region = "eu-west-1"', "name_rules = ['(?P<colour>.)']", "company, email, type, date, time"),
        ('region = "eu-west-1"', f"name_rules = ['(?P<company>{'x' * 500})']", "longer than 500 characters"),
        ('region = "eu-west-1"', f"name_rules = {['(?P<company>.)'] * 51}", "'name_rules' has more than 50 entries"),
        ('region = "eu-west-1"', r"name_rules = ['(?P<company>.)\1']", "(invalid escape sequence)"),
        ('region = "eu-west-1"', f'update_url = "http://updates.acme.com"\nupdate_root = "{"0" * 64}"', "plain http"),
        ('region = "eu-west-1"', 'update_url = "https://updates.acme.com"\nupdate_root = "short"', "update_root"),
        ('region = "eu-west-1"', 'updates = "install"', "'updates' must be one of these: check, off"),
        ('bucket = "audio-pipeline-dev-audio"', 'bucket = "a b"', "'bucket' is not a bucket's name"),
        ('bucket = "audio-pipeline-dev-audio"', "bucket = 7", "'bucket' must be text in quotes"),
        ('name = "Acme Sales"', 'name = " "', "'name' is empty"),
        ('name = "Acme Sales"', f'name = "{"secret" * 20}"', "'name' is longer than 100 characters"),
        ('call_types = ["Demo", "Support", "Sales", "demo"]', "call_types = []", "'call_types' is empty"),
        ('["Demo", "Support", "Sales", "demo"]', '"demo"', "'call_types' must be a list in brackets"),
        ('call_types = ["Demo"', "call_types = [1", "'call_types.0' must be text in quotes"),
        ('region = "eu-west-1"', "files_at_once = 0", "'files_at_once' must be 1 or more"),
        ('region = "eu-west-1"', "requests_at_once = 64", "'requests_at_once' must be 32 or less"),
        ('region = "eu-west-1"', "bandwidth_limit = 0", "'bandwidth_limit' must be 1 or more"),
        ('region = "eu-west-1"', 'bandwidth_limit = "secret"', "'bandwidth_limit' must be a whole number"),
        ('region = "eu-west-1"', "bandwidth_limit = 1.5", "'bandwidth_limit' must be a whole number"),
        ('region = "eu-west-1"', 'endpoint = "http://[::1"', "'endpoint' is not a web address"),
        ('region = "eu-west-1"', 'endpoint = "ftp://secret"', "'endpoint' is not a web address"),
        ("mongodb+srv://callup@", "postgres://secret@", "'mongo_uri' is not an address that begins with mongodb://"),
        ("mongodb+srv://callup@cluster0.acme.mongodb.net", "mongodb://[::1", "'mongo_uri' is not an address"),
        ("rep@company.com", "secret", "'uploaded_by' is not a full email address"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert said in problems(written(tmp_path, GOOD.replace(before, after)))


THROUGH_GATEWAY = 'name = "Acme Sales"\ngateway = "https://Calls.acme.com/callup/"\n'
SIGN_IN = 'oidc_issuer = "https://id.acme.com/"\noidc_client_id = "callup"\n'


def test_a_gateway_needs_nothing_else(tmp_path: Path) -> None:
    profile = load_any_profile(written(tmp_path, THROUGH_GATEWAY))

    assert isinstance(profile, GatewayProfile)
    assert profile.gateway == "https://Calls.acme.com/callup"
    assert profile.destination == GatewayDestination("https://calls.acme.com/callup")
    assert profile.call_types == ("demo", "support", "sales")
    assert profile.local_uses == ()


def test_another_issuer_is_another_identity_and_another_name_is_not(tmp_path: Path) -> None:
    identities = [
        load_any_profile(written(tmp_path, text)).identity
        for text in (
            THROUGH_GATEWAY,
            THROUGH_GATEWAY.replace("Acme Sales", "Acme"),
            THROUGH_GATEWAY.replace("Calls", "calls"),
            THROUGH_GATEWAY + SIGN_IN,
            THROUGH_GATEWAY + SIGN_IN.replace("id.acme", "id.evil"),
        )
    ]

    assert len(set(identities)) == 3
    assert len(set(identities[:3])) == 1


def test_a_mixture_is_refused_and_names_every_key_that_does_not_belong(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + 'endpoint = "https://s3.acme.com"\naws_profile = "x"\n' + THROUGH_GATEWAY[20:])

    with pytest.raises(ProfileError) as raised:
        load_any_profile(path)

    keys = {"bucket", "region", "endpoint", "mongo_uri", "database", "queue_url", "aws_profile"}
    assert {(problem.key, problem.code) for problem in raised.value.problems} == {
        (key, ProblemCode.NOT_WITH_GATEWAY) for key in keys
    }
    assert "'bucket' does not belong beside 'gateway'" in problems(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (THROUGH_GATEWAY.replace("https", "http"), "plain http"),
        (THROUGH_GATEWAY.replace("Calls.acme.com", "rep:secret@calls.acme.com"), "password"),
        (THROUGH_GATEWAY + 'oidc_issuer = "https://id.acme.com"', "oidc_issuer and oidc_client_id go together"),
        (THROUGH_GATEWAY + 'oidc_scope = "openid"', "oidc_issuer and oidc_client_id go together"),
        (THROUGH_GATEWAY + SIGN_IN.replace("https", "http"), "plain http"),
        (THROUGH_GATEWAY + SIGN_IN.replace('"callup"', '"a b"'), "'oidc_client_id' holds characters"),
        (THROUGH_GATEWAY + "colour = 1", "the key 'colour' is not known"),
        (GOOD + SIGN_IN, "'oidc_issuer' goes with a 'gateway' only"),
    ],
)
def test_a_mistake_in_a_profile_with_a_gateway_is_named(tmp_path: Path, text: str, said: str) -> None:
    assert said in problems(written(tmp_path, text))


def test_who_needs_the_servers_themselves_is_told_that_a_gateway_is_not_enough(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as raised:
        load_profile(written(tmp_path, THROUGH_GATEWAY))

    assert [problem.code for problem in raised.value.problems] == [ProblemCode.NEEDS_SERVERS]


def test_a_gateway_on_this_computer_may_speak_plain_http(tmp_path: Path) -> None:
    assert load_any_profile(written(tmp_path, 'name = "Here"\ngateway = "http://127.0.0.1:8080"\n'))


def test_every_mistake_is_told_at_once_and_a_code_names_each(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("bucket", "pail").replace("rep@company.com", "rep"))

    with pytest.raises(ProfileError) as raised:
        load_profile(path)

    assert {(problem.key, problem.code) for problem in raised.value.problems} == {
        ("bucket", ProblemCode.KEY_MISSING),
        ("pail", ProblemCode.KEY_UNKNOWN),
        ("uploaded_by", ProblemCode.BAD_EMAIL),
    }


def test_a_file_that_is_no_toml_says_in_which_line(tmp_path: Path) -> None:
    assert "line 3" in problems(written(tmp_path, 'name = "Acme"\nbucket = "audio"\nregion eu-west-1\n'))


def test_where_to_look_for_updates_is_the_admins_word(tmp_path: Path) -> None:
    place = f'update_url = "https://updates.acme.com/callup"\nupdate_root = "{"aB" * 32}"\n'

    looking = load_profile(written(tmp_path, GOOD + place))
    silent = load_profile(written(tmp_path, GOOD + place + 'updates = "off"\n'))

    assert (looking.updates, looking.update_root) == ("check", "aB" * 32)
    assert silent.updates == "off"
    assert load_profile(written(tmp_path, GOOD)).update_url is None


def test_plain_connections_to_this_computer_are_allowed(tmp_path: Path) -> None:
    text = GOOD.replace("mongodb+srv://callup@cluster0.acme.mongodb.net/calls", "mongodb://127.0.0.1:27017").replace(
        "https://sqs.eu-west-1.amazonaws.com", "http://localhost:4566"
    )
    assert load_profile(written(tmp_path, text)).mongo_uri == "mongodb://127.0.0.1:27017"


def test_a_missing_or_unreadable_profile_is_a_sentence(tmp_path: Path) -> None:
    assert "no such file" in problems(tmp_path / "none.callup")
    binary = tmp_path / "binary.callup"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    assert "cannot be read as text" in problems(binary)


def test_one_variable_moves_the_whole_home(tmp_path: Path) -> None:
    moved = home({"CALLUP_HOME": str(tmp_path / "here")})
    moved.make()
    assert {moved.journal.parent, moved.profile.parent} == {tmp_path / "here"}
    assert moved.logs.parent == tmp_path / "here"
    assert home({}).journal.name == moved.journal.name


def test_the_managed_profile_is_looked_for_where_it_belongs(tmp_path: Path) -> None:
    folder = tmp_path / "CallUp Desktop"
    folder.mkdir()
    looked_for = partial(managed_profile, "win32", {"PROGRAMDATA": str(tmp_path)}, is_admins=lambda _path: True)
    assert looked_for() is None
    (folder / "managed.callup").write_text(GOOD)
    assert looked_for() == folder / "managed.callup"


@pytest.mark.parametrize(
    ("changes", "here"),
    [
        ({}, True),
        ({"http://127.0.0.1:9000": "https://storage.acme.com"}, False),
        ({"mongodb://localhost:27017/": "mongodb://db.acme.com:27017/?tls=true"}, False),
        ({"http://127.0.0.1:9001/": "https://sqs.eu-west-1.amazonaws.com/"}, False),
        ({'endpoint = "http://127.0.0.1:9000"\n': ""}, False),
    ],
    ids=["all here", "storage elsewhere", "registry elsewhere", "queue elsewhere", "storage of AWS"],
)
def test_a_profile_knows_whether_all_its_servers_are_this_computer(
    tmp_path: Path, changes: dict[str, str], *, here: bool
) -> None:
    text = GOOD.replace("mongodb+srv://callup@cluster0.acme.mongodb.net/calls", "mongodb://localhost:27017/")
    text = text.replace("https://sqs.eu-west-1.amazonaws.com/", "http://127.0.0.1:9001/")
    text += 'endpoint = "http://127.0.0.1:9000"\n'
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)

    assert load_any_profile(written(tmp_path, text)).is_on_this_computer is here


def test_nobody_knows_where_the_storage_of_a_gateway_is(tmp_path: Path) -> None:
    profile = load_any_profile(written(tmp_path, 'name = "Acme"\ngateway = "http://127.0.0.1:8080"\n'))
    assert not profile.is_on_this_computer
