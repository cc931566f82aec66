"""The way to the servers of a profile: through which proxy, and whom TLS believes. Any thread; finding it may block.

Every start loads this module, so it loads the libraries where they are first used.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from callup_desktop.config.addresses import is_loopback
from callup_desktop.engine.errors import AccountError, Code

if TYPE_CHECKING:
    import ssl

FindProxy = Callable[[str], str]
"""The address of the proxy that leads to a URL, "" for none."""


def proxy_of_system(url: str) -> str:
    """The proxy of the environment, else the fixed one of the system's settings, which may make exceptions."""
    from botocore.utils import get_environ_proxies

    proxies: Mapping[str, str] = get_environ_proxies(url)
    return proxies.get(urlsplit(url).scheme) or proxies.get("all") or ""


def _login_of(proxy: str) -> str:
    parts = urlsplit(proxy)
    return f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""


def _readable(proxy: str) -> str:
    """The address, if its host and port can be read."""
    try:
        _ = urlsplit(proxy).port
    except ValueError:
        raise AccountError(Code.PROXY_UNUSABLE, "not an address") from None
    return proxy


def _no_login(_proxy: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Way:
    """How requests leave this computer.

    `authority` are certificates in PEM that count beside the system's. `proxy` is the one that the profile names, ""
    for that of the environment or else of the system, which `system_proxy` finds. `login` returns the name and password
    (`name:password`) that are kept for a proxy, "" where none are.
    """

    authority: str = ""
    proxy: str = ""
    system_proxy: FindProxy = proxy_of_system
    login: Callable[[str], str] = _no_login

    def proxy_for(self, url: str) -> str:
        """The proxy to the URL, "" for none; never one for this computer itself.

        Raises AccountError(PROXY_UNUSABLE) for an address that nobody can read; no part of it is told.
        """
        if is_loopback(urlsplit(url).hostname or ""):
            return ""
        from urllib.request import getproxies_environment

        by_environment = getproxies_environment().keys() - {"no"}
        find = proxy_of_system if by_environment else self.system_proxy
        proxy = self.proxy or find(url)
        return _readable(proxy if not proxy or "://" in proxy else f"http://{proxy}")

    def login_for(self, proxy: str) -> str:
        """`name:password` for the proxy, or ""; what the rep typed comes before what its address says."""
        return self.login(proxy) or _login_of(proxy)

    def tls_context(self) -> "ssl.SSLContext":
        """What believes whom the system believes, and the authority."""
        import ssl

        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self.authority:
            context.load_verify_locations(cadata=self.authority)
        return context
