"""Whatever a text of the repository cites is in the repository: documents and their headings, files, modules."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[1]
_ME = PurePosixPath("tests/test_citations.py")
_OF_OTHERS = PurePosixPath("installers/licences/texts")
"""Licences, which cite what their authors have."""
_PACKAGES = ("benchmarks", "callup_desktop", "installers", "tests", "tools")

_URL = re.compile(r"\b[a-z]+://[^\s)>\"'`]+")
# Not inside a longer path, and not behind a shell's variable.
_START = r"(?<![\w$./~*{}<>\\-])"
_DOCUMENT = re.compile(_START + r"(?:\.{1,2}/)*[\w-][\w./-]*\.md\b")
_FILE = re.compile(_START + r"(?:\.{1,2}/)*[\w-]+(?:/[\w.-]+)+\.(?:c|desktop|mk|nsi|py|sh|spec|toml|ts|xml|yaml|yml)\b")
_MODULE = re.compile(r"(?<![\w./-])(?:" + "|".join(_PACKAGES) + r")(?:\.\w+)+(?![\w/-])")
_QUOTED_MODULE = re.compile(r"`(\w+(?:\.\w+)+)`")
_QUOTED_PLACE = re.compile(r"`(\w[\w.-]*/(?:[\w.-]+/?)*)`")
_CITED_HEADING = re.compile(r"\b(docs/[\w/.-]+\.md),\s+\"([^\"]+)\"")
_LINK_TEXT = re.compile(r"\[[^\]]*\.md\](?=\()")
_LINK = re.compile(r"\]\(([\w/.-]*)#([\w-]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.M)


@dataclass(frozen=True, slots=True)
class Repository:
    """The tracked files by path; `texts` are those that are text."""

    paths: frozenset[PurePosixPath]
    texts: dict[PurePosixPath, str]

    def has(self, place: PurePosixPath) -> bool:
        """Whether the place is a file or a folder of it."""
        return place in self.paths or any(place in path.parents for path in self.paths)

    def has_module(self, name: str) -> bool:
        """Whether the dotted name is a package, a module, or something that a module defines."""
        place = PurePosixPath(*name.split("."))
        if self._source_of(place) is not None:
            return True
        source = self._source_of(place.parent) or self._source_of(place.parent.parent)
        return source is not None and re.search(rf"\b{place.name}\b", self.texts[source]) is not None

    def _source_of(self, place: PurePosixPath) -> PurePosixPath | None:
        for source in (place / "__init__.py", place.with_suffix(".py")):
            if source in self.texts:
                return source
        return None

    def headings(self, document: PurePosixPath) -> tuple[str, ...]:
        """The headings of a document, as they are written."""
        return tuple(_HEADING.findall(self.texts.get(document, "")))


def tracked() -> Repository:
    git = shutil.which("git")
    assert git is not None
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = frozenset(PurePosixPath(name) for name in listed.split("\0") if name and (ROOT / name).is_file())
    return Repository(paths, {path: text for path in paths if (text := _text_of(ROOT / path)) is not None})


def _text_of(path: Path) -> str | None:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def missing(repository: Repository, path: PurePosixPath) -> Iterator[str]:
    """What the text at the path cites and the repository does not have."""
    text = _LINK_TEXT.sub(" ", _URL.sub(" ", repository.texts[path]))
    for cited in {*_DOCUMENT.findall(text), *_FILE.findall(text), *_QUOTED_PLACE.findall(text)}:
        if _is_ours(repository, cited) and not any(repository.has(place) for place in _places(path, cited)):
            yield cited
    for name in _MODULE.findall(text):
        if "__" not in name and not repository.has_module(name):
            yield name
    for name in _QUOTED_MODULE.findall(text):
        place = PurePosixPath("callup_desktop", name.partition(".")[0])
        is_ours = repository.has(place) or repository.has(place.with_suffix(".py"))
        if is_ours and not name.endswith((".py", ".md")) and not repository.has_module(f"callup_desktop.{name}"):
            yield name
    for document, heading in _CITED_HEADING.findall(" ".join(text.split())):
        if heading not in repository.headings(PurePosixPath(document)):
            yield f'{document}, "{heading}"'
    for document, anchor in _LINK.findall(text):
        target = _normal(path.parent / document) if document else path
        if anchor not in map(_anchor, repository.headings(target)):
            yield f"{document}#{anchor}"


def _is_ours(repository: Repository, cited: str) -> bool:
    """Whether the first name of a path is one of ours; a document is always meant to be."""
    first = PurePosixPath(cited).parts[0]
    inside = PurePosixPath("callup_desktop")
    return (
        cited.endswith(".md") or first == ".." or repository.has(PurePosixPath(first)) or repository.has(inside / first)
    )


def _places(path: PurePosixPath, cited: str) -> tuple[PurePosixPath, ...]:
    """What a path may mean: from the root, from the citing file, from the package; a module may lack its suffix."""
    found = [PurePosixPath(cited), _normal(path.parent / cited), PurePosixPath("callup_desktop", cited)]
    if path.suffix == ".py" and "/" not in cited:
        # Code puts paths together.
        found.append(PurePosixPath("docs", cited))
    return (*found, *(place.with_name(f"{place.name}.py") for place in found))


def _normal(path: PurePosixPath) -> PurePosixPath:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts = parts[:-1]
        else:
            parts.append(part)
    return PurePosixPath(*parts)


def _anchor(heading: str) -> str:
    """The anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.fixture(scope="module")
def repository() -> Repository:
    return tracked()


def test_nothing_cites_what_is_not_in_the_repository(repository: Repository) -> None:
    found = [
        f"{path}: {cited}"
        for path in sorted(repository.texts)
        if path != _ME and _OF_OTHERS not in path.parents
        for cited in missing(repository, path)
    ]
    assert found == []


_SMALL = {
    "README.md": "",
    "docs/facts.md": "# Facts\n\n## Upload speed\n",
    "docs/adr/0001-one.md": "",
    "callup_desktop/__init__.py": "",
    "callup_desktop/engine/__init__.py": "",
    "callup_desktop/engine/job.py": "class Job: ...\n",
    "tests/__init__.py": "",
}


@pytest.mark.parametrize(
    "said",
    [
        "see CONTRACT.md",
        "see docs/design.md",
        'docs/facts.md, "Download speed"',
        "[speed](docs/facts.md#download-speed)",
        "engine/texts.py says why",
        "`engine/texts` says why",
        "run `python -m tests.ui.grab`",
        "tests.ui.grab makes them",
        "callup_desktop.engine.texts",
        "`engine.job.Work`",
        "[other](adr/0002-two.md)",
    ],
)
def test_what_is_not_there_is_found(said: str) -> None:
    assert list(missing(_with(said), PurePosixPath("note.txt")))


@pytest.mark.parametrize(
    "said",
    [
        "see README.md and docs/facts.md",
        'docs/facts.md, "Upload\n    speed"',
        "[speed](docs/facts.md#upload-speed)",
        "engine/job.py, callup_desktop/engine/job.py and `engine/job`",
        "`engine.job.Job` and callup_desktop.engine.job",
        "python -m venv, $ROOT/engine/texts.sh and https://example.com/engine/texts.py",
        "site-packages/other/texts.py",
        "[facts.md](docs/facts.md) and [here](docs/adr/0001-one.md)",
    ],
)
def test_what_is_there_may_be_cited(said: str) -> None:
    assert list(missing(_with(said), PurePosixPath("note.txt"))) == []


def _with(said: str) -> Repository:
    texts = {PurePosixPath(name): text for name, text in {**_SMALL, "note.txt": said}.items()}
    return Repository(frozenset(texts), texts)
