"""What the system's settings say of proxies, also by a script (PAC). Any thread; a script may take seconds."""

from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

_SCHEMES = {
    QNetworkProxy.ProxyType.HttpProxy: "http",
    QNetworkProxy.ProxyType.HttpCachingProxy: "http",
    QNetworkProxy.ProxyType.Socks5Proxy: "socks5",
}


def system_proxy_for(url: str) -> str:
    """The proxy for the URL, the one for http where there are several, "" where the system wants none."""
    found = QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url)))
    kinds = [proxy.type() for proxy in found]
    if not found or kinds[0] is QNetworkProxy.ProxyType.NoProxy:
        return ""
    usable = (proxy for proxy in found if _SCHEMES.get(proxy.type()) == "http")
    proxy = next(usable, found[0])
    scheme, host = _SCHEMES.get(proxy.type(), "ftp"), proxy.hostName()
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{proxy.port()}"
