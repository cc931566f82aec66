"""The connection page in a rep's hands: its keys, what it says once, and the keys of the account."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from callup_desktop.config.profile import GatewayProfile
from callup_desktop.engine.errors import Code
from callup_desktop.engine.job import Trouble
from callup_desktop.engine.ports import GATEWAY_STEPS, STRAIGHT_STEPS, CheckResult, CheckStep
from callup_desktop.presentation.connection_check import Secret
from callup_desktop.presentation.queue_summary import Remedy
from callup_desktop.presentation.rows import Tab
from callup_desktop.ui.application import Application
from callup_desktop.ui.connection.page import ConnectionPage
from callup_desktop.ui.system.environment import Environment
from callup_desktop.ui.widgets.label import Label
from tests.ui import samples
from tests.ui.conftest import WITHIN, FakeDesktop, Rig, end
from tests.ui.fake_connection import FakeConnection
from tests.ui.fake_engine import NOW

WELL = tuple(CheckResult(step, ok=True, seconds=0.04) for step in STRAIGHT_STEPS)
KEPT = {"access_key_id": "AKIAIOSFODNN7QZX", "secret_access_key": "wJalrXUtnFEMI/K7MDENG", "mongo_password": "pw"}


class Connected:
    """A window over a connection in memory, with the page in view."""

    def __init__(self, rig: Rig, work: FakeConnection) -> None:
        self.rig, self.work = rig, work
        page = rig.window.connection
        assert page is not None
        self.page: ConnectionPage = page

    def open(self) -> None:
        self.rig.window.open_connection()
        self.until_checked()

    def until_checked(self) -> None:
        panel = self.page.check_panel
        assert panel is not None
        self.rig.qtbot.waitUntil(panel.check_button.isEnabled, timeout=WITHIN)
        self.rig.settle()

    def step(self, step: CheckStep) -> str:
        assert self.page.check_panel is not None
        return self.page.check_panel.steps[step].accessibleName()

    def placeholder(self, secret: Secret) -> str:
        assert self.page.fields is not None
        return self.page.fields.secrets[secret].placeholderText()

    def message(self) -> str:
        label = self.page._message
        return label.text() if label.isVisible() else ""

    def place(self) -> str:
        return self.rig.window.status_bar._place.text()

    def ask_removal(self) -> QMessageBox:
        self.rig.click(self.page.remove_button)
        box = self.rig.dialog
        assert isinstance(box, QMessageBox)
        return box


def made(qtbot: QtBot, app: Application, *, managed: bool = False) -> Connected:
    work = FakeConnection(answers=WELL, kept=dict(KEPT))
    environment = Environment(desktop=FakeDesktop(), connection=work, profile_file="acme-sales.callup", managed=managed)
    rig = Rig(qtbot, app, environment)
    rig.engine.jobs = {job.id: job for job in samples.working()}
    rig.engine.sent = samples.sent()
    return Connected(rig, work)


def is_in_view(widget: QWidget) -> bool:
    """Whether nothing of it is scrolled away or cut."""
    return widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()


@pytest.fixture
def connected(qtbot: QtBot, qapp: Application) -> Iterator[Connected]:
    connected = made(qtbot, qapp)
    yield connected
    end(connected.rig)


@pytest.fixture
def managed(qtbot: QtBot, qapp: Application) -> Iterator[Connected]:
    connected = made(qtbot, qapp, managed=True)
    yield connected
    end(connected.rig)


@pytest.mark.parametrize(
    ("key", "tab"), [(Qt.Key.Key_1, Tab.LIVE), (Qt.Key.Key_2, Tab.NEEDS), (Qt.Key.Key_3, Tab.SENT)]
)
def test_the_keys_of_the_lists_lead_back_to_them(connected: Connected, key: Qt.Key, tab: Tab) -> None:
    rig = connected.rig.start()
    connected.open()
    assert connected.page.fields is not None
    field = connected.page.fields.secrets[Secret.SECRET_ACCESS_KEY]
    field.setFocus()

    rig.key(field, key, Qt.KeyboardModifier.ControlModifier)

    assert rig.page.isVisible()
    assert rig.lists.tab is tab
    assert QApplication.focusWidget() is rig.lists.view


@pytest.mark.parametrize("size", [QSize(1092, 558), QSize(800, 500), QSize(640, 480)])
def test_keys_are_typed_saved_and_confirmed_in_a_small_window(connected: Connected, size: QSize) -> None:
    rig, page = connected.rig.start(), connected.page
    rig.window.resize(size)
    connected.open()
    assert page.fields is not None
    assert page.check_panel is not None
    save = page.check_panel.save_button
    rig.qtbot.waitUntil(lambda: is_in_view(save), timeout=WITHIN)
    field = page.fields.secrets[Secret.MONGO_PASSWORD]
    page.fields.secrets[Secret.ACCESS_KEY_ID].setFocus()

    for _ in page.fields.findChildren(QLineEdit):
        if not field.hasFocus():
            rig.key(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
    assert is_in_view(field)
    rig.keys(field, "new")
    rig.click(save)

    rig.qtbot.waitUntil(lambda: connected.message() != "" and is_in_view(page._message), timeout=WITHIN)
    assert is_in_view(save)


def test_the_key_of_the_search_leads_to_the_search(connected: Connected) -> None:
    rig = connected.rig.start()
    connected.open()

    rig.key(rig.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)

    assert rig.page.isVisible()
    assert rig.lists.search.hasFocus()


def test_a_missing_key_is_told_once_beside_the_fields_and_in_no_banner(connected: Connected) -> None:
    rig = connected.rig
    missing = (CheckStep.KEYRING, CheckStep.STORAGE, CheckStep.QUEUE)
    connected.work.answers = tuple(
        replace(answer, ok=False, code=Code.NO_CREDENTIALS) if answer.step in missing else answer for answer in WELL
    )
    rig.engine.blocked = Trouble(Code.NO_CREDENTIALS, NOW)
    rig.start()
    assert rig.window.banner.isVisible()
    rig.click(rig.window.banner.buttons[Remedy.OPEN_CONNECTION])
    connected.until_checked()

    said = [label.text() for label in rig.window.findChildren(Label) if label.isVisible() and "no keys" in label.text()]
    assert len(said) == 1
    assert connected.step(CheckStep.KEYRING) == "Keychain: There are no keys for storage on this computer yet."
    assert connected.step(CheckStep.STORAGE) == "Storage: Needs this first: Keychain"
    assert connected.step(CheckStep.QUEUE) == "Transcription queue: Needs this first: Keychain"
    assert connected.place() == "Not working: Keychain"
    assert not rig.window.banner.isVisible()

    rig.click(connected.page.close_button)
    assert rig.window.banner.isVisible()


def test_two_faults_are_told_each(connected: Connected) -> None:
    codes = {CheckStep.STORAGE: Code.KEYS_WRONG, CheckStep.REGISTRY: Code.REGISTRY_LOGIN}
    connected.work.answers = tuple(
        replace(answer, ok=False, code=codes[answer.step]) if answer.step in codes else answer for answer in WELL
    )
    connected.rig.start()
    connected.open()

    assert connected.step(CheckStep.STORAGE).startswith("Storage: The secret key doesn't belong to the access key")
    assert connected.step(CheckStep.REGISTRY) == "Call records: The call list doesn't accept the password."
    assert connected.place() == "Not working: Storage, Call records"


def test_a_check_that_finds_all_well_lets_what_waited_go_on(connected: Connected) -> None:
    rig = connected.rig
    rig.engine.blocked = Trouble(Code.ACCESS_DENIED, NOW)
    rig.start()
    assert rig.window.banner.isVisible()

    connected.open()

    assert rig.engine.blocked is None
    assert not rig.window.banner.isVisible()
    assert connected.place() == "Everything is reachable"


def test_a_check_that_finds_a_fault_leaves_what_waits(connected: Connected) -> None:
    connected.work.answers = (*WELL[:-1], replace(WELL[-1], ok=False, code=Code.QUEUE_DENIED))
    connected.rig.engine.blocked = Trouble(Code.QUEUE_DENIED, NOW)
    connected.rig.start()

    connected.open()

    assert connected.rig.engine.blocked is not None


def test_what_was_said_of_saving_is_gone_at_the_next_visit(connected: Connected) -> None:
    rig = connected.rig.start()
    connected.open()
    assert connected.page.fields is not None
    field = connected.page.fields.secrets[Secret.ACCESS_KEY_ID]
    field.setFocus()
    rig.keys(field, "AKIANEWNEWNEW1234")
    rig.key(field, Qt.Key.Key_Return)
    rig.qtbot.waitUntil(lambda: connected.message().startswith("Kept in this computer's keychain"), timeout=WITHIN)
    connected.until_checked()
    assert connected.message()

    rig.click(connected.page.close_button)
    connected.open()

    assert connected.message() == ""


def test_the_status_bar_does_not_repeat_an_old_check_while_another_runs(
    connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = connected.rig.start()
    connected.open()
    assert connected.place() == "Everything is reachable"
    assert connected.page.check_panel is not None
    answered = threading.Event()

    def slow_checks() -> Iterator[CheckResult]:
        assert answered.wait(WITHIN / 1000)
        yield from WELL

    monkeypatch.setattr(connected.work, "run_checks", slow_checks)
    rig.click(connected.page.check_panel.check_button)
    meanwhile = connected.place()
    answered.set()
    connected.until_checked()

    assert meanwhile.startswith("Connected to")
    assert connected.place() == "Everything is reachable"


def test_the_access_key_is_known_by_its_last_four_characters_and_the_others_are_not(connected: Connected) -> None:
    connected.rig.start()
    connected.open()

    assert connected.placeholder(Secret.ACCESS_KEY_ID) == "••••••••••••7QZX   stored in keychain"
    assert connected.placeholder(Secret.SECRET_ACCESS_KEY) == "••••••••••••   stored in keychain"
    assert connected.placeholder(Secret.MONGO_PASSWORD) == "••••••••••••   stored in keychain"


def test_a_proxys_login_is_asked_for_only_where_there_is_a_proxy_and_kept_like_a_key(connected: Connected) -> None:
    rig = connected.rig.start()
    connected.open()
    fields = connected.page.fields
    assert fields is not None
    field = fields.secrets[Secret.PROXY_LOGIN]
    assert not field.isVisible()

    connected.work.through = "http://proxy.acme.com:8080"
    rig.click(connected.page.close_button)
    connected.open()
    rig.qtbot.waitUntil(field.isVisible, timeout=WITHIN)
    assert field.echoMode() is QLineEdit.EchoMode.Password
    assert "proxy.acme.com:8080" in field.toolTip()
    field.setText("rep:secret")
    rig.key(field, Qt.Key.Key_Return)

    rig.qtbot.waitUntil(lambda: connected.work.kept.get("proxy_login") == "rep:secret", timeout=WITHIN)
    rig.qtbot.waitUntil(lambda: field.text() == "", timeout=WITHIN)


def test_keys_are_removed_from_this_computer_only_after_a_question(connected: Connected) -> None:
    rig = connected.rig.start()
    connected.open()
    box = connected.ask_removal()
    assert box.text() == "Remove the keys from this computer?"
    rig.key(box, Qt.Key.Key_Return)
    assert connected.work.kept == KEPT

    box = connected.ask_removal()
    rig.click(next(button for button in box.buttons() if button.text() == "Remove"))
    rig.qtbot.waitUntil(lambda: not connected.page.remove_button.isVisible(), timeout=WITHIN)
    connected.until_checked()

    assert connected.work.kept == {}
    assert connected.message() == "The keys were removed from this computer."
    assert connected.page.fields is not None
    assert {connected.placeholder(secret) for secret in connected.page.fields.secrets} == {"not set"}
    assert rig.engine.renewed >= 1


def test_a_locked_keychain_says_so_and_keeps_the_keys(connected: Connected) -> None:
    rig = connected.rig.start()
    connected.open()
    connected.work.locked = True

    box = connected.ask_removal()
    rig.click(next(button for button in box.buttons() if button.text() == "Remove"))
    rig.qtbot.waitUntil(lambda: connected.message() != "", timeout=WITHIN)
    connected.until_checked()

    assert connected.message() == "Unlock your keychain so we can sign in."
    assert connected.work.kept == KEPT


def test_a_connection_that_the_company_set_takes_no_other_profile(managed: Connected, tmp_path: Path) -> None:
    other = tmp_path / "other.callup"
    other.write_text(
        "name='x'\nbucket='abc'\nmongo_uri='mongodb://localhost'\ndatabase='d'\nqueue_url='http://localhost/q'\n"
    )
    managed.rig.start()
    managed.open()
    shown = [label.text() for label in managed.page.findChildren(Label) if label.isVisible()]

    assert not managed.page.import_button.isVisible()
    assert any(text.startswith("Set by your company.") for text in shown)
    managed.page.take_file(other)
    assert managed.message() == "The connection is set by your company: there is no other here."
    managed.page.check()
    managed.until_checked()
    assert managed.page.import_dialog is None
    assert managed.work.adopted == []


def test_a_profile_with_a_gateway_asks_for_its_token_and_walks_its_hops(qtbot: QtBot, qapp: Application) -> None:
    refused = CheckResult(CheckStep.GATEWAY, ok=False, code=Code.TOKEN_REFUSED, detail="HTTP 401")
    answers = (CheckResult(CheckStep.SIGN_IN, ok=True), refused, CheckResult(CheckStep.STORAGE, ok=True))
    work = FakeConnection(answers=answers, kept={Secret.GATEWAY_TOKEN.value: ""})
    environment = Environment(desktop=FakeDesktop(), connection=work, profile_file="acme.callup")
    profile = GatewayProfile(name="Acme", gateway="https://calls.acme.com")
    connected = Connected(Rig(qtbot, qapp, environment, profile).start(), work)
    try:
        connected.open()
        assert connected.page.check_panel is not None
        assert list(connected.page.check_panel.steps) == list(GATEWAY_STEPS)
        assert connected.step(CheckStep.SIGN_IN) == "Sign-in: Signed in"
        assert "doesn't accept the token" in connected.step(CheckStep.GATEWAY)
        assert "stored in keychain" in connected.placeholder(Secret.GATEWAY_TOKEN)
        assert connected.page.fields is not None
        assert set(connected.page.fields.secrets) == {Secret.GATEWAY_TOKEN, Secret.PROXY_LOGIN}
        assert connected.place() == "Not working: Your company's server"
    finally:
        end(connected.rig)


def test_where_the_browser_signs_in_nothing_is_offered_to_save_until_a_proxy_wants_a_login(
    qtbot: QtBot, qapp: Application
) -> None:
    work = FakeConnection(answers=tuple(CheckResult(step, ok=True) for step in GATEWAY_STEPS))
    environment = Environment(desktop=FakeDesktop(), connection=work, profile_file="acme.callup")
    profile = GatewayProfile(
        name="Acme", gateway="https://calls.acme.com", oidc_issuer="https://id.acme.com", oidc_client_id="callup"
    )
    connected = Connected(Rig(qtbot, qapp, environment, profile).start(), work)
    try:
        connected.open()
        panel = connected.page.check_panel
        assert panel is not None
        assert not panel.save_button.isVisible()

        work.through = "http://proxy.acme.com:8080"
        connected.rig.click(connected.page.close_button)
        connected.open()
        qtbot.waitUntil(panel.save_button.isVisible, timeout=WITHIN)
    finally:
        end(connected.rig)


def test_a_key_that_no_keychain_takes_is_not_said_to_be_in_one(connected: Connected) -> None:
    connected.work.lasting = False
    connected.open()
    page, rig = connected.page, connected.rig
    assert page.fields is not None
    field = page.fields.secrets[Secret.SECRET_ACCESS_KEY]
    field.setFocus()
    rig.keys(field, "another-secret")
    rig.press(Qt.Key.Key_Return)
    rig.qtbot.waitUntil(lambda: "until you close" in field.placeholderText(), timeout=WITHIN)
    connected.until_checked()

    assert connected.message().endswith("You can continue until you close the app.")
    assert connected.placeholder(Secret.ACCESS_KEY_ID).endswith("stored in keychain")

    connected.work.lasting = True
    field.setFocus()
    rig.keys(field, "another-secret")
    rig.press(Qt.Key.Key_Return)
    rig.qtbot.waitUntil(lambda: "stored in keychain" in field.placeholderText(), timeout=WITHIN)
    connected.until_checked()
