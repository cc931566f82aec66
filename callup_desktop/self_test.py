"""`callup-desktop --self-test FOLDER`: is this installation whole, from its files to one call sent? Main thread."""

import importlib
import os
import pkgutil
import ssl
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path

import dns.rdata
import keyring
import truststore
from keyring.backends.chainer import ChainerBackend
from pydantic import BaseModel, EmailStr
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage
from PySide6.QtNetwork import QNetworkInformation
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

import callup_desktop
from callup_desktop.config.paths import Home
from callup_desktop.engine.job import State
from callup_desktop.extras import has_gateway
from callup_desktop.instance.messages import NamedFile, Reply, Request
from callup_desktop.recordings.verdict import ProbeOutcome, verdict_of
from callup_desktop.resource_files import RESOURCES
from callup_desktop.self_test_report import FILES, BrokenError, check_files, reported, tried
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.secrets import Vault

PICTURE = "window.png"
_SAMPLE = RESOURCES / "sample.mp3"
_GATEWAY = "callup_desktop.gateway"
_SENT_WITHIN = 60.0
_POLL_INTERVAL = 0.05
_LAZY = (
    "anycrc.crc",
    "awscrt.auth",
    "botocore.session",
    "bson",
    "pymongo",
    "rich.console",
    "tomli_w",
    "wakepy",
    {"win32": "keyring.backends.Windows", "darwin": "keyring.backends.macOS"}.get(
        sys.platform, "keyring.backends.SecretService"
    ),
)
"""What is imported by name, late, or only on this system, so that a bundle could lack it without anybody noticing."""


def self_test_home(folder: Path) -> Home:
    """A home inside the folder, so that the trial call stays out of the rep's own list."""
    base = folder.absolute() / "home"
    return Home(config=base, data=base, logs=base / "logs")


def self_test(
    folder: Path, *, call_type: str, ask: Callable[[Request], Reply], window: QWidget, application: QCoreApplication
) -> int:
    """Try everything once, over the engine behind `ask`; 0 if all of it holds, else 1."""
    checks: dict[str, Callable[[], str]] = {
        FILES: check_files,
        "version": lambda: f"{callup_desktop.__version__}, Python {sys.version.split()[0]}, {sys.executable}",
        "imports": _check_imports,
        "icons": _check_icons,
        "translations": _check_translations,
        "tls": _check_tls,
        "keyring": _check_keyring,
        "network": _check_network,
        "email": _check_email,
        "names": _check_names,
        "probe": _check_probe,
        "upload": partial(_check_upload, ask, application.processEvents, call_type),
        "window": partial(_check_window, window, folder),
    }
    return 0 if reported(folder, (tried(name, check) for name, check in checks.items())) else 1


def _check_imports() -> str:
    """Every module of ours that was to be installed, and what they import late."""
    found = pkgutil.walk_packages(callup_desktop.__path__, "callup_desktop.")
    names = [module.name for module in found if not module.name.endswith("__main__")]
    is_whole = has_gateway()
    wanted = [name for name in names if is_whole or not name.startswith(_GATEWAY)]
    for name in (*wanted, *_LAZY):
        importlib.import_module(name)
    if len(names) < len(_ours_imported()):
        raise BrokenError(f"only {len(names)} of our modules can be listed")
    left_out = "" if is_whole else "; the gateway is not installed"
    return f"{len(wanted)} modules of ours and {len(_LAZY)} others{left_out}"


def _ours_imported() -> list[str]:
    return [name for name in sys.modules if name.startswith("callup_desktop.")]


def _check_icons() -> str:
    drawn = [file for file in (RESOURCES / "icons").glob("*.svg") if QSvgRenderer(str(file)).isValid()]
    if not drawn:
        raise BrokenError(f"no icon can be drawn from {RESOURCES / 'icons'}")
    return f"{len(drawn)} icons"


def _check_translations() -> str:
    """Every language's file is there, and says something."""
    files = sorted((RESOURCES / "translations").glob("callup_*.qm"))
    if not files or any(file.stat().st_size == 0 for file in files):
        raise BrokenError("a translation is missing or empty")
    return ", ".join(file.stem.removeprefix("callup_") for file in files)


def _check_tls() -> str:
    """Whose certificates count: the system's."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # The system's store is opened with the first connection.
    context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")
    if sys.platform == "win32":
        roots = len(ssl.enum_certificates("ROOT"))
    elif sys.platform == "darwin":
        return f"{ssl.OPENSSL_VERSION}, verified by macOS"
    else:
        roots = _issuers_of(ssl.get_default_verify_paths().capath) or context.cert_store_stats()["x509_ca"]
    if not roots:
        raise BrokenError("this system trusts no certificate authority; install ca-certificates")
    return f"{ssl.OPENSSL_VERSION}, {roots} authorities trusted by this system"


def _issuers_of(folder: str | None) -> int:
    return sum(1 for _ in Path(folder).glob("*.0")) if folder else 0


def _check_keyring() -> str:
    """Name the keyring, and read an entry that is not there."""
    backend = keyring.get_keyring()
    Vault("self-test").read(Entry.ACCESS_KEY_ID)
    inside = backend.backends if isinstance(backend, ChainerBackend) else [backend]
    name = ", ".join(f"{type(one).__module__}.{type(one).__name__}" for one in inside)
    expected = {"win32": "keyring.backends.Windows", "darwin": "keyring.backends.macOS"}.get(sys.platform, "")
    if expected not in name:
        raise BrokenError(f"the keyring of this system is not used, but {name}")
    return name if backend.priority >= 1 else f"{name}: none here, secrets would live in memory"


def _check_network() -> str:
    """Which of Qt's plug-ins tells when the network is back; without one the engine finds out by itself."""
    QNetworkInformation.loadDefaultBackend()
    source = QNetworkInformation.instance()
    return source.backendName() if source is not None else "no backend answers here"


def _check_email() -> str:
    class Form(BaseModel):
        email: EmailStr

    return f"email-validator {version('email-validator')}: {Form(email='rep@example.com').email}"


def _check_names() -> str:
    """The record types behind mongodb+srv are imported by name."""
    return str(dns.rdata.from_text("IN", "SRV", "0 0 27017 mongo.example.com."))


def _check_probe() -> str:
    verdict = verdict_of(_SAMPLE)
    if verdict.verdict is not ProbeOutcome.OK:
        raise BrokenError(f"the sample recording is judged {verdict.verdict}, {verdict.code}")
    return f"{verdict.format}, {verdict.duration_seconds} s, CRC64NVME {verdict.crc64nvme}"


def _check_upload(ask: Callable[[Request], Reply], show: Callable[[], None], call_type: str) -> str:
    """Send the sample through the running engine while the window shows it."""
    file = NamedFile(id=str(uuid.uuid4()), path=os.fsencode(_SAMPLE))
    request = Request(
        verb="send",
        files=(file,),
        company="CallUp self-test",
        email="self-test@example.com",
        call_type=call_type,
        anyway=True,
        again=True,
    )
    ask(request)
    until = time.monotonic() + _SENT_WITHIN
    seen = ""
    while time.monotonic() < until:
        for row in ask(Request(verb="changes")).calls:
            seen = f"{row.state}, {row.code}"
            if row.state == State.DONE:
                return f"{row.size} bytes at {row.s3_bucket}/{row.s3_key}, message {row.message_id}"
            if row.state == State.FAILED or (row.code and row.state == State.DRAFT):
                raise BrokenError(f"the sample was not sent: {row.code}")
        show()
        time.sleep(_POLL_INTERVAL)
    raise BrokenError(f"the sample was not sent within {_SENT_WITHIN:.0f} s: {seen}")


def _check_window(window: QWidget, folder: Path) -> str:
    """A picture of the window that is not one even colour."""
    QCoreApplication.processEvents()
    picture = window.grab()
    if not picture.save(str(folder / PICTURE), "PNG"):
        raise BrokenError(f"no picture can be written to {folder}")
    if len(_colours_of(picture.toImage())) < 3:
        raise BrokenError("the window is empty")
    return f"{picture.width()} x {picture.height()} pixels"


def _colours_of(image: QImage) -> Mapping[int, None]:
    steps = 40
    across = range(0, image.width(), max(1, image.width() // steps))
    down = range(0, image.height(), max(1, image.height() // steps))
    return {image.pixel(x, y): None for x in across for y in down}
