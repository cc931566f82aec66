"""What is said of signing in for a gateway: in the window, on the console, and in the browser. No Qt; any thread."""

from collections.abc import Callable
from typing import Protocol

from callup_desktop.engine.ports import SignInOutcome, SignInPage, SignInPages, SignInResult
from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages


class SignInWork(Protocol):
    """The work behind signing in; every call may block, so it runs off the main thread."""

    def is_signed_in(self) -> bool:
        """Whether somebody has signed in, as far as this computer knows; raises CallError."""
        ...

    def sign_in(
        self, open_page: Callable[[str], None], pages: SignInPages, is_cancelled: Callable[[], bool]
    ) -> SignInResult:
        """Let somebody sign in at the page that `open_page` shows, until that ends or is cancelled.

        One that waits already ends as cancelled.
        """
        ...

    def sign_out(self) -> SignInResult:
        """Forget who signed in, here and at the provider."""
        ...


class SignInWriter(Translatable):
    """Sentences about signing in, in one language."""

    def __init__(self, messages: Messages) -> None:
        """Speak as the messages do."""
        super().__init__(messages.language)
        self._messages = messages

    def pages(self) -> SignInPages:
        """What the browser shows in the end."""
        return SignInPages(
            SignInPage(self.tr("You are signed in"), self.tr("You can close this page and go back to CallUp.")),
            SignInPage(self.tr("That didn't work"), self.tr("Go back to CallUp: it says why.")),
        )

    def waiting(self) -> str:
        """Somebody has to act in the browser."""
        return self.tr("Sign in on the page that your browser shows. We wait for that.")

    def open_by_hand(self, url: str) -> str:
        """Where to sign in, for a console whose browser may not open."""
        return self.tr("Sign in with a browser on this computer:\n{url}").format(url=url)

    def no_issuer(self) -> str:
        """The profile names nobody who signs people in."""
        return self.tr("This profile needs no sign-in.")

    def ended(self, result: SignInResult) -> str:
        """How it ended."""
        match result.outcome:
            case SignInOutcome.SIGNED_IN:
                return self.tr("You are signed in. Everything goes on by itself.")
            case SignInOutcome.SIGNED_IN_FOR_NOW:
                return self.tr("You are signed in until CallUp ends: this computer's keychain keeps no such sign-in.")
            case SignInOutcome.SIGNED_OUT:
                return self.tr("You are signed out. Calls that are not sent stay here.")
            case SignInOutcome.SIGNED_OUT_HERE:
                return self.tr(
                    "You are signed out on this computer. Your company's sign-in was not told; IT can end it there."
                )
            case SignInOutcome.CANCELLED:
                return self.tr("Nobody has signed in.")
            case SignInOutcome.TIMED_OUT:
                return self.tr("The browser brought no answer. Please sign in again.")
            case SignInOutcome.FAILED:
                return self._messages.of_code(result.code, result.params)
