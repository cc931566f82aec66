"""What the form offers for a recording with a general name."""

from collections.abc import Callable
from pathlib import Path

from tests.ui.conftest import Rig

Make = Callable[..., tuple[Path, ...]]


def test_a_folder_of_zoom_fills_in_company_contact_and_type_with_one_click(rig: Rig, recordings: Make) -> None:
    (path,) = recordings("2026-11-20 10.15.00 Globex support 84512345678/audio_only.m4a")
    rig.start().drop(path.parent)
    rig.wait_jobs(1)
    form = rig.page.form
    assert form.offers.named.button.text() == "Globex"

    rig.click(form.offers.named.button)

    assert (form.company.text(), form.email.text(), form.call_type.current) == ("Globex", "mary@globex.com", "support")


def test_a_general_name_in_a_general_folder_offers_nothing_from_it(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("Downloads/audio_only.m4a"))
    rig.wait_jobs(1)

    assert not rig.page.form.offers.named.isVisible()
