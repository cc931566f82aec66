"""Info.plist of the macOS bundle, made on any system."""

from typing import Any

BUNDLE_ID = "com.callup.desktop"
NAME = "CallUp Desktop"
PROFILE_TYPE = "com.callup.profile"
OLDEST_SYSTEM = "13.0"
"""What Qt 6.11 asks for."""


def info_plist(version: str) -> dict[str, Any]:
    """The values beside those that PyInstaller writes itself."""
    return {
        "CFBundleName": NAME,
        "CFBundleDisplayName": NAME,
        "CFBundleIdentifier": BUNDLE_ID,
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundlePackageType": "APPL",
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "de"],
        "LSMinimumSystemVersion": OLDEST_SYSTEM,
        "LSApplicationCategoryType": "public.app-category.business",
        # PyInstaller hides a bundle in which any program is a console.
        "LSBackgroundOnly": False,
        # One window, whichever way files arrive.
        "LSMultipleInstancesProhibited": True,
        "NSHighResolutionCapable": True,
        # False: follow the system's dark mode.
        "NSRequiresAquaSystemAppearance": False,
        "NSSupportsAutomaticGraphicsSwitching": True,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "CallUp profile",
                "CFBundleTypeRole": "Viewer",
                "CFBundleTypeIconFile": "callup.icns",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [PROFILE_TYPE],
            },
            {
                "CFBundleTypeName": "Call recording",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": [
                    "public.mp3",
                    "com.microsoft.waveform-audio",
                    "public.mpeg-4-audio",
                    "com.apple.m4a-audio",
                    "org.xiph.flac",
                    "public.folder",
                ],
            },
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": PROFILE_TYPE,
                "UTTypeDescription": "CallUp profile",
                "UTTypeConformsTo": ["public.text"],
                "UTTypeTagSpecification": {"public.filename-extension": ["callup"]},
            }
        ],
        "NSDesktopFolderUsageDescription": "CallUp reads the call recordings that you drop on it.",
        "NSDocumentsFolderUsageDescription": "CallUp reads the call recordings that you drop on it.",
        "NSDownloadsFolderUsageDescription": "CallUp reads the call recordings that you drop on it.",
        "NSNetworkVolumesUsageDescription": "CallUp reads call recordings that lie on a network drive.",
        "NSRemovableVolumesUsageDescription": "CallUp reads call recordings that lie on a memory stick.",
    }
