"""German is complete, plural forms are right, and nothing that cannot be translated is said."""

import ast
import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from callup_desktop.calls.documents import SENT_MESSAGE
from callup_desktop.presentation import call_details
from callup_desktop.presentation.language import English
from callup_desktop.presentation.messages import Messages
from tests.ui.fake_engine import NOW
from tools import translations

_PLACE = re.compile(r"\{\w+\}|%n")


def messages(path: Path) -> Iterator[tuple[str, list[str], bool]]:
    """Source, translations, whether finished."""
    for message in ElementTree.parse(path).getroot().iter("message"):  # noqa: S314 - our own file
        translation = message.find("translation")
        assert translation is not None
        forms = [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]
        yield message.findtext("source", ""), forms, translation.get("type") is None


def test_german_is_complete_and_keeps_every_place_that_is_filled_in() -> None:
    for source, forms, finished in messages(translations.FOLDER / "callup_de.ts"):
        assert finished, source
        for form in forms:
            assert form, source
            assert sorted(_PLACE.findall(form)) == sorted(_PLACE.findall(source)), source


@pytest.mark.parametrize("language", ["de", "en"])
def test_translations_know_every_text_of_the_sources(language: str, tmp_path: Path) -> None:
    kept = translations.FOLDER / f"callup_{language}.ts"
    fresh = tmp_path / kept.name
    shutil.copy(kept, fresh)
    translations.read_sources(fresh, language)
    if language == "en":
        translations.fill_english(fresh)

    assert {source for source, _forms, _done in messages(fresh)} == {source for source, _forms, _done in messages(kept)}


def test_compiled_translations_are_those_of_the_sources(tmp_path: Path) -> None:
    for source in translations.FOLDER.glob("*.ts"):
        shutil.copy(source, tmp_path)
    translations.compile_all(tmp_path)

    for compiled in tmp_path.glob("*.qm"):
        assert compiled.read_bytes() == (translations.FOLDER / compiled.name).read_bytes()


def test_no_text_is_put_together_before_it_is_translated() -> None:
    for path in (path for folder in translations.SOURCES for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "tr":
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno}"
            if isinstance(node, ast.JoinedStr):
                inner = [call for call in ast.walk(node) if isinstance(call, ast.Attribute) and call.attr == "tr"]
                assert not inner, f"{path.name}:{node.lineno}: pyside6-lupdate does not look into f-strings"


def test_every_class_that_translates_gives_its_texts_a_context() -> None:
    for source, _forms, _done in messages(translations.FOLDER / "callup_de.ts"):
        assert source
    contexts = ElementTree.parse(translations.FOLDER / "callup_de.ts").getroot().iter("context")  # noqa: S314 - our file
    assert all(context.findtext("name") for context in contexts)


def test_german_speaks_with_its_own_plurals_numbers_and_dates(german: Messages) -> None:
    assert german.units.size(12_166_758) == "11,6 MB"
    assert german.units.size(1) == "1 Byte"
    assert german.units.time_left(31) == "noch 30 s"
    assert german.duplicate(NOW).startswith(
        f"Diese Aufnahme haben Sie am {NOW.astimezone().day}. November schon gesendet."
    )


@pytest.mark.usefixtures("german")
def test_the_window_speaks_german_where_the_system_does(qapp: QCoreApplication) -> None:
    assert qapp.translate("TabStrip", "Needs you") == "Braucht Sie"
    assert qapp.translate("FormPane", "Upload %n calls", "", 2) == "2 Anrufe hochladen"


def test_english_without_qt_resolves_plurals_as_the_window_does(qapp: QCoreApplication) -> None:
    for source, _forms, _done in messages(translations.FOLDER / "callup_en.ts"):
        context = next(
            found.findtext("name", "")
            for found in ElementTree.parse(translations.FOLDER / "callup_en.ts").getroot().iter("context")  # noqa: S314 - ours
            if source in [message.findtext("source") for message in found.iter("message")]
        )
        for count in (1, 2):
            said = qapp.translate(context, source, "", count)
            assert said == English().translate(context, source, None, count)


def test_the_receipt_says_what_the_contract_says() -> None:
    source = Path(call_details.__file__).read_text(encoding="utf-8")

    assert f'"{SENT_MESSAGE}"' in source
