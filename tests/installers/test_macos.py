"""What can be known of the macOS packages without a Mac: the property lists, and the order of signing."""

import os
import plistlib
import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from callup_desktop import __version__
from callup_desktop.config.policy import read_policy
from callup_desktop.config.profile import GatewayProfile
from callup_desktop.ui.system.login_item import LaunchAgent
from installers.macos.info import BUNDLE_ID, OLDEST_SYSTEM, PROFILE_TYPE, info_plist
from installers.macos.package import PROGRAM, QUICK_ACTION, components, distribution
from installers.macos.quick_action import SCRIPT, write_quick_action

MACOS = Path(__file__).resolve().parents[2] / "installers" / "macos"
APP_IDENTITY = "Developer ID Application: Test"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script for macOS")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    app = tmp_path / "CallUp Desktop.app"
    for place in ("MacOS/callup", "MacOS/callup-desktop", "Frameworks/libcrypto.3.dylib", "Frameworks/_ssl.so"):
        file = app / "Contents" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (app / "Contents" / "Frameworks" / "QtCore.framework").mkdir()
    return app


def rehearse(app: Path, **environ: str) -> list[str]:
    """The commands that packing would run."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("CALLUP_")}
    done = subprocess.run(
        ["/bin/sh", str(MACOS / "pack.sh"), str(app), str(app.parent / "out")],
        env=known | {"DRY_RUN": "1"} | environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_finder_opens_profiles_with_us_and_the_window_has_a_dock_icon() -> None:
    info = plistlib.loads(plistlib.dumps(info_plist(__version__)))

    opened = [kind for document in info["CFBundleDocumentTypes"] for kind in document["LSItemContentTypes"]]
    assert PROFILE_TYPE in opened
    assert info["UTExportedTypeDeclarations"][0]["UTTypeTagSpecification"] == {"public.filename-extension": ["callup"]}
    assert info["LSBackgroundOnly"] is False
    assert info["NSRequiresAquaSystemAppearance"] is False
    assert (info["CFBundleIdentifier"], info["CFBundleShortVersionString"]) == (BUNDLE_ID, __version__)


def test_entitlements_ask_for_nothing_but_what_ctypes_needs() -> None:
    entitlements = plistlib.loads((MACOS / "entitlements.plist").read_bytes())

    assert entitlements == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


def test_what_lies_inside_is_signed_before_what_holds_it(bundle: Path) -> None:
    commands = rehearse(bundle, CALLUP_APP_IDENTITY=APP_IDENTITY)

    signed = [line.rsplit("Contents/")[-1] for line in commands if line.startswith("codesign --force")]
    assert signed[-1].endswith("CallUp Desktop.app")
    assert signed[:4] == [
        "Frameworks/_ssl.so",
        "Frameworks/libcrypto.3.dylib",
        "Frameworks/QtCore.framework",
        signed[3],
    ]
    assert all("--options runtime --timestamp" in line for line in commands if line.startswith("codesign --force"))


def test_the_list_of_files_is_written_once_all_but_the_program_itself_is_signed(bundle: Path) -> None:
    commands = rehearse(bundle)

    written = next(index for index, line in enumerate(commands) if "installers.file_list" in line)
    signed = [index for index, line in enumerate(commands) if line.startswith("codesign --force")]
    assert [index for index in signed if index > written] == signed[-1:]
    assert commands[written].endswith("MacOS/callup-desktop _CodeSignature/CodeResources")


def test_the_ticket_is_stapled_before_the_disk_image_is_made(bundle: Path) -> None:
    commands = rehearse(bundle, CALLUP_APP_IDENTITY=APP_IDENTITY, CALLUP_NOTARY="callup")

    stapled = commands.index(f"xcrun stapler staple {bundle}")
    assert stapled < next(index for index, line in enumerate(commands) if "dmgbuild" in line)
    built = next(index for index, line in enumerate(commands) if line.startswith("productbuild"))
    assert not [line for line in commands[built:] if line.startswith("xcrun")], (
        "an unsigned package cannot be notarised"
    )


def test_the_package_brings_the_program_and_the_quick_action_and_is_signed_as_a_whole(bundle: Path) -> None:
    commands = rehearse(bundle, CALLUP_PKG_IDENTITY="Developer ID Installer: Test", CALLUP_NOTARY="callup")

    parts = [line for line in commands if line.startswith("pkgbuild")]
    assert [place for line in parts for place in ("/Applications", "/Library/Services") if place in line] == [
        "/Applications",
        "/Library/Services",
    ]
    assert not [line for line in parts if "--sign" in line]
    (whole,) = (line for line in commands if line.startswith("productbuild"))
    assert "--sign Developer ID Installer: Test" in whole
    assert commands[-1].startswith("xcrun stapler staple")


def test_the_quick_action_hands_each_file_to_the_program_as_an_argument(tmp_path: Path) -> None:
    made = write_quick_action(tmp_path)
    (offered,) = plistlib.loads((made / "Contents" / "Info.plist").read_bytes())["NSServices"]
    (step,) = plistlib.loads((made / "Contents" / "document.wflow").read_bytes())["actions"]

    assert offered["NSMenuItem"] == {"default": "Send to CallUp"}
    assert "public.mp3" in offered["NSSendFileTypes"]
    assert "public.folder" not in offered["NSSendFileTypes"]
    assert step["action"]["ActionParameters"]["inputMethod"] == 1, "as arguments, never by standard input"
    asked = tmp_path / "asked"
    command = SCRIPT.replace("/usr/bin/open", shlex.quote(str(_recorder(tmp_path, asked))))
    subprocess.run(["/bin/sh", "-c", command, "-", 'a "b" $(c).mp3', "-d e.wav"], check=True)
    assert asked.read_text().splitlines() == ["-b", BUNDLE_ID, 'a "b" $(c).mp3', "-d e.wav"]


def _recorder(folder: Path, asked: Path) -> Path:
    """A program that writes down its arguments, a line each."""
    program = folder / "open"
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >{shlex.quote(str(asked))}\n")
    program.chmod(0o700)
    return program


def test_without_an_identity_nothing_is_sent_to_apple(bundle: Path) -> None:
    commands = rehearse(bundle)

    assert not [line for line in commands if line.startswith("xcrun")]
    assert all("--options runtime" not in line for line in commands)


def test_the_package_always_goes_to_applications_and_asks_a_running_program_first(bundle: Path) -> None:
    commands = rehearse(bundle)
    (component,) = plistlib.loads(components())

    (program,) = (line for line in commands if line.startswith("pkgbuild") and PROGRAM in line)
    assert "--component-plist" in program
    assert f"--scripts {MACOS / 'scripts'}" in program
    assert component["BundleIsRelocatable"] is False
    assert component["RootRelativeBundlePath"] == bundle.name
    copied = commands.index(f"ditto {bundle} {bundle.parent}/out/parts/applications/{bundle.name}")
    assert copied < commands.index(program)


def test_the_distribution_names_each_part_once_and_the_oldest_system() -> None:
    told = ElementTree.fromstring(distribution("1.2.3", "arm64"))  # noqa: S314 - our own

    named = {each.get("id"): each.text for each in told.iter("pkg-ref") if each.text}
    assert named == {BUNDLE_ID: PROGRAM, f"{BUNDLE_ID}.quick-action": QUICK_ACTION}
    (choice,) = (each for each in told.iter("choice") if each.get("id") == BUNDLE_ID)
    assert [each.get("id") for each in choice] == list(named)
    (system,) = told.iter("os-version")
    assert system.get("min") == OLDEST_SYSTEM
    (options,) = told.iter("options")
    assert (options.get("customize"), options.get("hostArchitectures")) == ("never", "arm64")


def _preinstall(tmp_path: Path, processes: str, *, stops: bool) -> tuple[int, list[str]]:
    """How the script ends where these processes run, and whom it asked."""
    asked, fakes = tmp_path / "asked", tmp_path / "fakes"
    fakes.mkdir()
    program = tmp_path / "callup-desktop"
    scripts = {
        program: f"exit {0 if stops else 1}",
        fakes / "ps": f"cat <<'END'\n{processes.replace('PROGRAM', str(program))}\nEND",
        fakes / "launchctl": f'[ "$1" = asuser ]; echo "$2" >>{shlex.quote(str(asked))}; shift 2; exec "$@"',
        fakes / "sudo": '[ "$1" = -u ]; shift 2; exec "$@"',
    }
    for path, text in scripts.items():
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
    environ = {**os.environ, "PATH": f"{fakes}:{os.environ['PATH']}", "CALLUP_PROGRAM": str(program)}
    done = subprocess.run([MACOS / "scripts" / "preinstall"], env=environ, capture_output=True, check=False)
    return done.returncode, asked.read_text().split() if asked.exists() else []


def test_an_installation_asks_each_running_program_to_stop(tmp_path: Path) -> None:
    processes = "501 PROGRAM --background\n502 PROGRAM\n501 PROGRAM a.mp3\n503 /bin/zsh"

    assert _preinstall(tmp_path, processes, stops=True) == (0, ["501", "502"])


def test_an_installation_ends_where_a_program_does_not_stop(tmp_path: Path) -> None:
    assert _preinstall(tmp_path, "501 PROGRAM", stops=False) == (1, ["501"])


def _linked_console(volume: Path) -> Path:
    """The link of an installation on this volume, as Apple's installer has it made."""
    subprocess.run([MACOS / "scripts" / "postinstall", "package", "/", volume], check=True)
    return volume / "usr" / "local" / "bin" / "callup"


def test_the_console_is_where_a_terminal_finds_it_and_anothers_is_left_alone(tmp_path: Path) -> None:
    link = _linked_console(tmp_path)
    assert link.readlink() == tmp_path / "Applications" / "CallUp Desktop.app" / "Contents" / "MacOS" / "callup"
    assert _linked_console(tmp_path).is_symlink(), "an upgrade does it again"

    link.unlink()
    link.write_text("somebody else's")
    _linked_console(tmp_path)
    assert link.read_text() == "somebody else's"


def test_whoever_has_the_bundle_can_remove_it_and_the_signature_covers_how(bundle: Path) -> None:
    commands = rehearse(bundle)

    copied = [index for index, line in enumerate(commands) if "/Contents/Resources/" in line and line.startswith("cp ")]
    signed = next(index for index, line in enumerate(commands) if line.startswith("codesign"))
    assert len(copied) == 2
    assert max(copied) < signed


@pytest.mark.parametrize("purge", [False, True])
def test_removal_takes_program_service_and_login_items_and_keeps_lists_unless_told(
    tmp_path: Path, *, purge: bool
) -> None:
    home = tmp_path / "Users" / "rep"
    command = ["/Applications/CallUp Desktop.app/Contents/MacOS/callup-desktop"]
    agent = LaunchAgent(home / "Library" / "LaunchAgents", command)
    agent.set_on(on=True)
    program = tmp_path / "Applications" / "CallUp Desktop.app" / "Contents"
    service = write_quick_action(tmp_path / "Library" / "Services")
    link = _linked_console(tmp_path)
    journal = home / "Library" / "Application Support" / "CallUp Desktop" / "journal.sqlite3"
    for folder in (program, journal.parent):
        folder.mkdir(parents=True)
    journal.touch()
    (item,) = (home / "Library" / "LaunchAgents").iterdir()
    words = [str(MACOS / "uninstall.sh"), *(["--purge"] if purge else [])]
    environ = {**os.environ, "CALLUP_ROOT": str(tmp_path), "CALLUP_PROGRAM": str(tmp_path / "none")}

    subprocess.run(words, env=environ, check=True)

    assert not any(path.exists() for path in (program.parent, service, item))
    assert not link.is_symlink()
    assert journal.exists() is not purge


def test_the_example_of_managed_preferences_is_what_the_program_reads(tmp_path: Path) -> None:
    example = plistlib.loads((MACOS / "example.mobileconfig").read_bytes())
    (payload,) = example["PayloadContent"]
    domain = tmp_path / f"{payload['PayloadType']}.plist"
    domain.write_bytes(plistlib.dumps({**payload, "_manualProfile": 1}))

    policy = read_policy("darwin", folder=tmp_path, is_admins=lambda _path: True)

    GatewayProfile.model_validate(policy.profile_values())
    assert set(policy.preference_values()) == {"bandwidth_limit", "launch_at_login"}
    assert set(payload) == {*policy.keys, *(key for key in payload if key.startswith("Payload"))}
