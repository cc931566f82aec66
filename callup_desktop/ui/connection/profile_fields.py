"""The values of a profile, read-only, and the secrets that belong to it. Main thread."""

from collections.abc import Mapping, Set

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from callup_desktop.config.profile import AnyProfile, GatewayProfile, Profile
from callup_desktop.presentation.connection_check import Secret
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.plain_text import plain_tip
from callup_desktop.ui.widgets.text_field import TextField


class ProfileFields(QWidget):
    """Shows a profile; secrets can be typed where the profile keeps them in the keyring."""

    save_requested = Signal()

    def __init__(self, profile: AnyProfile, file: str, parent: QWidget | None = None, *, managed: bool = False) -> None:
        """`file` is the name of the profile, or of its file; `managed` says that the company put it there."""
        super().__init__(parent)
        self.secrets: dict[Secret, TextField] = {}
        self._has_password = isinstance(profile, Profile) and profile.registry.wants_password
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(em(self, 0.45))
        if managed:
            text = self.tr(
                "Set by your company. Passwords and keys are kept in this computer's keychain, never in a file."
            )
        else:
            text = self.tr(
                "Filled in from {file}. Passwords and keys are kept in this computer's keychain, never in a file."
            ).format(file=file)
        self._layout.addWidget(Label(text, self, muted=True))
        self._layout.addSpacing(em(self, 0.3))
        if isinstance(profile, GatewayProfile):
            self._add_gateway(profile)
        else:
            self._add_servers(profile)
        of_sandbox = isinstance(profile, Profile) and profile.credentials == "sandbox"
        self._proxy = None if of_sandbox else self._made_for_a_proxy()

    @property
    def can_be_typed(self) -> bool:
        """Whether any field in view takes a secret."""
        has_proxy = self._proxy is not None and not self._proxy.isHidden()
        return has_proxy or bool(self.secrets.keys() - {Secret.PROXY_LOGIN})

    def typed(self) -> dict[str, str]:
        """The secrets that are typed, by their names in the keyring."""
        return {name.value: text for name, field in self.secrets.items() if (text := field.text().strip())}

    def first_missing(self, stored: Mapping[str, str]) -> TextField | None:
        """The field of the first secret that the profile needs and the keyring does not hold."""
        optional = {Secret.PROXY_LOGIN, Secret.MONGO_KEY_PASSWORD}
        if not self._has_password:
            optional.add(Secret.MONGO_PASSWORD)
        needed = (name for name in self.secrets if name not in optional)
        return next((self.secrets[name] for name in needed if name.value not in stored), None)

    def clear(self) -> None:
        """Remove the typed secrets from the window."""
        for field in self.secrets.values():
            field.clear()

    def show_stored(self, stored: Mapping[str, str], passing: Set[str]) -> None:
        """Show which secrets are kept, by their names in the keyring, each with its end as far as it may be shown.

        Those that are `passing` are kept until the program ends.
        """
        for name, field in self.secrets.items():
            text = self.tr("not set")
            if name.value in passing & stored.keys():
                text = self.tr("••••••••••••{end}   until you close the app")
            elif name.value in stored:
                text = self.tr("••••••••••••{end}   stored in keychain")
            field.setPlaceholderText(text.format(end=stored.get(name.value, "")))

    def show_proxy(self, proxy: str) -> None:
        """Offer a login where the way to storage leads through a proxy."""
        if self._proxy is not None:
            self._proxy.setVisible(bool(proxy))
            self.secrets[Secret.PROXY_LOGIN].setToolTip(plain_tip(proxy))

    def _made_for_a_proxy(self) -> QWidget:
        """The field for a proxy's login, hidden as most computers have none."""
        place = QWidget(self)
        layout = QVBoxLayout(place)
        layout.setContentsMargins(0, em(self, 0.45), 0, 0)
        layout.setSpacing(em(self, 0.45))
        label = self.tr("Internet proxy, if it asks (name:password)")
        field = self._secret(Secret.PROXY_LOGIN, hidden=True)
        field.setAccessibleName(label)
        layout.addWidget(Label(label, place, size=0.93, bold=True))
        layout.addWidget(field)
        place.hide()
        self._layout.addWidget(place)
        return place

    def _add_gateway(self, profile: GatewayProfile) -> None:
        self._add(self.tr("Your company's server"), self._fixed(profile.gateway))
        if profile.oidc_issuer is None:
            self._add(self.tr("Token"), self._secret(Secret.GATEWAY_TOKEN, hidden=True))
        else:
            self._add(self.tr("Sign-in"), self._fixed(profile.oidc_issuer))

    def _add_servers(self, profile: Profile) -> None:
        self._add_storage(profile)
        self._add_registry(profile)
        queue = profile.queue_url.rstrip("/").rpartition("/")[2]
        self._add(self.tr("Transcription queue (SQS)"), self._fixed(queue))

    def _add_storage(self, profile: Profile) -> None:
        self._add(self.tr("Storage (S3)"), self._fixed(f"s3://{profile.bucket} · {profile.region}"))
        if profile.credentials == "keyring":
            self._add(self.tr("Access key"), self._secret(Secret.ACCESS_KEY_ID, hidden=False))
            self._add(self.tr("Secret key"), self._secret(Secret.SECRET_ACCESS_KEY, hidden=True))
            return
        source = self.tr("from the AWS configuration of this computer")
        if profile.credentials == "sandbox":
            source = self.tr("made by the sandbox")
        self._add(self.tr("Keys"), self._fixed(source))

    def _add_registry(self, profile: Profile) -> None:
        records = f"{profile.mongo_uri.rstrip('/')}/{profile.database}.{profile.collection}"
        self._add(self.tr("Call records (MongoDB)"), self._fixed(records))
        if profile.credentials != "sandbox":
            self._add(self.tr("Password"), self._secret(Secret.MONGO_PASSWORD, hidden=True))
        if profile.registry.shows_certificate:
            label = self.tr("Password of the certificate's key, if it has one")
            self._add(label, self._secret(Secret.MONGO_KEY_PASSWORD, hidden=True))

    def _add(self, label: str, field: TextField) -> None:
        self._layout.addSpacing(em(self, 0.45))
        self._layout.addWidget(Label(label, self, size=0.93, bold=True))
        field.setAccessibleName(label)
        self._layout.addWidget(field)

    def _fixed(self, value: str) -> TextField:
        field = TextField(self)
        field.setText(value)
        field.setReadOnly(True)
        field.setCursorPosition(0)
        field.setToolTip(plain_tip(value))
        return field

    def _secret(self, name: Secret, *, hidden: bool) -> TextField:
        field = self.secrets[name] = TextField(self)
        field.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        field.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        field.returnPressed.connect(self.save_requested)
        return field
