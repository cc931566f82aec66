"""What is said of keys and passwords that are kept, or not; never a value. No Qt; any thread."""

from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages


class SecretWriter(Translatable):
    """Sentences about a secret by its name."""

    def __init__(self, messages: Messages) -> None:
        """Speak as the messages do."""
        super().__init__(messages.language)

    def too_long(self) -> str:
        """The keyring takes less."""
        return self.tr("This is longer than a keychain takes. Is it the right value?")

    def malformed(self) -> str:
        """No key looks so."""
        return self.tr("This holds characters that no key or password has, or nothing at all. Is it the right value?")

    def not_kept(self) -> str:
        """There is no keyring."""
        return self.tr("No keychain of this computer takes it, so it was not kept.")

    def unknown(self, name: str, known: tuple[str, ...]) -> str:
        """There is no such entry."""
        return self.tr("There is no value called {name}; there are {known}.").format(name=name, known=", ".join(known))
