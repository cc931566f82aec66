"""A rep signs in from the window: the banner, the connection page, and a browser that never comes back."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from callup_desktop.engine.errors import Code
from callup_desktop.engine.job import Trouble
from callup_desktop.engine.ports import STRAIGHT_STEPS, CheckResult
from callup_desktop.presentation.queue_summary import Remedy
from callup_desktop.services.oidc.tokens import SignedInTokens
from callup_desktop.services.sign_in import SignInService
from callup_desktop.ui.application import Application
from callup_desktop.ui.connection.page import ConnectionPage
from callup_desktop.ui.sign_in import SignIn
from callup_desktop.ui.system.environment import Environment
from tests.sign_in.browsers import plain_browser
from tests.sign_in.conftest import Computer, computer, provider
from tests.ui import samples
from tests.ui.conftest import WITHIN, FakeDesktop, Rig, end
from tests.ui.fake_connection import FakeConnection
from tests.ui.fake_engine import NOW
from tests.ui.test_banners import point_at

__all__ = ["computer", "provider"]

WELL = tuple(CheckResult(step, ok=True, seconds=0.04) for step in STRAIGHT_STEPS)


class Signing:
    """A window whose gateway wants to know who sends; `browses` says whether somebody acts in the browser."""

    def __init__(self, rig: Rig, tokens: SignedInTokens, desktop: FakeDesktop) -> None:
        self.rig, self.tokens, self.desktop = rig, tokens, desktop
        assert rig.window.sign_in is not None
        self.sign_in: SignIn = rig.window.sign_in

    @property
    def page(self) -> ConnectionPage:
        page = self.rig.window.connection
        assert page is not None
        return page

    def until_opened(self, pages: int = 1) -> None:
        self.rig.qtbot.waitUntil(lambda: len(self.desktop.opened) >= pages, timeout=WITHIN)

    def until_ended(self) -> None:
        self.rig.qtbot.waitUntil(lambda: not self.sign_in.is_waiting, timeout=WITHIN)
        self.rig.settle()

    def banner_button(self, remedy: Remedy) -> bool:
        return self.rig.window.banner.buttons[remedy].isVisible()


@pytest.fixture
def signing(qtbot: QtBot, qapp: Application, computer: Computer) -> Iterator[Signing]:
    tokens, desktop = computer.program(), FakeDesktop()
    environment = Environment(
        desktop=desktop, connection=FakeConnection(answers=WELL), sign_in=SignInService(tokens, str)
    )
    rig = Rig(qtbot, qapp, environment)
    rig.engine.jobs = {job.id: job for job in samples.working()}
    yield Signing(rig, tokens, desktop)
    end(rig)


def signed_out(signing: Signing) -> None:
    signing.rig.start()
    # A banner does not come under the mouse.
    point_at(signing.rig, signing.rig.window.status_bar)
    signing.rig.engine.blocked = Trouble(Code.SIGN_IN, NOW)
    signing.rig.engine.tell_status()
    signing.rig.settle()
    signing.rig.qtbot.waitUntil(signing.rig.window.banner.buttons[Remedy.SIGN_IN].isVisible, timeout=WITHIN)


def test_one_banner_asks_to_sign_in_and_everything_goes_on_afterwards(signing: Signing) -> None:
    signed_out(signing)
    banner = signing.rig.window.banner
    assert "sign in again" in banner.accessibleName()
    assert [remedy for remedy in Remedy if signing.banner_button(remedy)] == [Remedy.SIGN_IN]

    signing.rig.click(banner.buttons[Remedy.SIGN_IN])
    signing.until_opened()
    with plain_browser() as (open_page, _shown):
        open_page(signing.desktop.opened[-1])
        signing.until_ended()

    assert signing.tokens.bearer()
    assert signing.rig.engine.renewed == 1
    assert not signing.rig.window.banner.isVisible()
    assert "You are signed in" in signing.rig.notice.accessibleName()


def test_a_profile_that_was_imported_just_now_asks_to_sign_in(signing: Signing) -> None:
    signing.rig.start()

    signing.rig.window.begin_profile()

    signing.rig.qtbot.waitUntil(signing.page.isVisible, timeout=WITHIN)
    signing.rig.qtbot.waitUntil(signing.page.sign_in_button.hasFocus, timeout=WITHIN)


def test_a_page_that_was_closed_can_be_opened_again(signing: Signing) -> None:
    signed_out(signing)
    button = signing.rig.window.banner.buttons[Remedy.SIGN_IN]
    signing.rig.click(button)
    signing.until_opened()

    signing.rig.click(button)
    signing.until_opened(2)
    first, second = signing.desktop.opened
    assert first != second
    with plain_browser() as (open_page, _shown):
        open_page(second)
        signing.until_ended()

    assert signing.tokens.bearer()


def test_a_browser_that_never_answers_can_be_given_up(signing: Signing) -> None:
    signing.rig.start()
    signing.rig.window.open_connection()
    signing.rig.click(signing.page.sign_in_button)
    signing.until_opened()
    assert signing.page.cancel_button.isVisible()
    assert "Sign in on the page" in signing.page._message.text()

    signing.rig.click(signing.page.cancel_button)
    signing.until_ended()

    assert not signing.page.cancel_button.isVisible()
    assert signing.page._message.text() == "Nobody has signed in."
    assert not signing.tokens.is_signed_in()


def test_signing_out_on_the_connection_page(signing: Signing) -> None:
    with plain_browser() as (open_page, _shown):
        SignInService(signing.tokens, str).sign_in(open_page, signing.sign_in._pages, lambda: False)
    signing.rig.start()
    signing.rig.window.open_connection()
    signing.rig.qtbot.waitUntil(signing.page.sign_out_button.isVisible, timeout=WITHIN)

    signing.rig.click(signing.page.sign_out_button)
    signing.rig.qtbot.waitUntil(lambda: not signing.page.sign_out_button.isVisible(), timeout=WITHIN)

    assert "You are signed out" in signing.page._message.text()
    assert not signing.tokens.is_signed_in()


def test_a_page_that_the_browser_never_showed_is_copied_for_another_one(signing: Signing) -> None:
    signing.rig.start()
    signing.rig.window.open_connection()
    assert not signing.page.copy_button.isVisible()
    signing.rig.click(signing.page.sign_in_button)
    signing.until_opened()
    signing.rig.qtbot.waitUntil(signing.page.copy_button.isVisible, timeout=WITHIN)

    signing.rig.click(signing.page.copy_button)

    assert [signing.desktop.clipboard] == signing.desktop.opened
    signing.rig.click(signing.page.cancel_button)
    signing.until_ended()
    assert not signing.page.copy_button.isVisible()


def test_the_window_ends_while_the_browser_is_waited_for(signing: Signing) -> None:
    signed_out(signing)
    signing.rig.click(signing.rig.window.banner.buttons[Remedy.SIGN_IN])
    signing.until_opened()

    signing.rig.window.close_policy.quit_now()

    signing.rig.qtbot.waitUntil(lambda: signing.rig.gone, timeout=WITHIN)
