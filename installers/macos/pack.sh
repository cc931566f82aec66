#!/bin/sh
# pack.sh APP OUTPUT: signs the bundle inside out, notarises, and makes a dmg for people and a pkg for MDM. macOS only.
#   CALLUP_APP_IDENTITY  "Developer ID Application: ..."; without it the bundle is signed ad hoc and nothing is notarised
#   CALLUP_PKG_IDENTITY  "Developer ID Installer: ..."; without it the pkg is not signed
#   CALLUP_NOTARY        name of a notarytool keychain profile (xcrun notarytool store-credentials)
# DRY_RUN=1 prints the commands instead of running them, on any system.
set -eu
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
HERE=$ROOT/installers/macos
PYTHON=${PYTHON:-python3}
APP=$1
OUTPUT=$2
VERSION=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$ROOT/callup_desktop/__init__.py")
IDENTIFIER=$(sed -n 's/^BUNDLE_ID = "\(.*\)"$/\1/p' "$HERE/info.py")
NAME=CallUp-Desktop-$VERSION-${ARCHITECTURE:-$(uname -m)}
dmg=$OUTPUT/$NAME.dmg
pkg=$OUTPUT/$NAME.pkg

main() {
    identity=${CALLUP_APP_IDENTITY:--}
    do_it mkdir -p "$OUTPUT"
    # Whoever has the program can remove it, without this tree; its signature covers what is copied.
    do_it mkdir -p "$APP/Contents/Resources/scripts"
    do_it cp "$HERE/uninstall.sh" "$APP/Contents/Resources/"
    do_it cp "$HERE/scripts/preinstall" "$APP/Contents/Resources/scripts/"
    sign_bundle
    do_it codesign --verify --deep --strict --verbose=2 "$APP"
    # The ticket is stapled to the bundle before it is packed, so that a laptop without a network opens it too.
    if [ -n "${CALLUP_NOTARY:-}" ]; then
        do_it ditto -c -k --keepParent "$APP" "$OUTPUT/notarise.zip"
        notarise "$OUTPUT/notarise.zip" "$APP"
        do_it rm "$OUTPUT/notarise.zip"
    fi
    make_dmg
    make_pkg
}

do_it() {
    if [ -n "${DRY_RUN:-}" ]; then
        printf '%s\n' "$*"
    else
        "$@"
    fi
}

# Libraries first: a signature covers what lies inside.
sign_bundle() {
    find "$APP/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) | sort | while read -r file; do
        sign "$file"
    done
    find "$APP/Contents" -type d -name '*.framework' | sort -r | while read -r framework; do
        sign "$framework"
    done
    sign "$APP/Contents/MacOS/callup" --entitlements "$HERE/entitlements.plist"
    # Signatures change what they are in, and the last one, of the program itself, covers this list too.
    do_it env PYTHONPATH="$ROOT" "$PYTHON" -m installers.file_list "$APP/Contents" \
        "$APP/Contents/Resources/resources/installed-files.json" MacOS/callup-desktop _CodeSignature/CodeResources
    sign "$APP" --entitlements "$HERE/entitlements.plist"
}

sign() {
    file=$1
    shift
    # The hardened runtime loads only libraries of one team, and an ad hoc signature has none.
    if [ "$identity" = - ]; then
        do_it codesign --force --sign - "$file"
    else
        do_it codesign --force --options runtime --timestamp --sign "$identity" "$@" "$file"
    fi
}

notarise() {
    do_it xcrun notarytool submit "$1" --keychain-profile "$CALLUP_NOTARY" --wait --timeout 1h
    do_it xcrun stapler staple "$2"
}

make_dmg() {
    do_it "$PYTHON" -m dmgbuild -s "$HERE/dmg_settings.py" -D "app=$APP" "CallUp Desktop" "$dmg"
    [ "$identity" = - ] || do_it codesign --timestamp --sign "$identity" "$dmg"
    [ -z "${CALLUP_NOTARY:-}" ] || notarise "$dmg" "$dmg"
}

make_pkg() {
    if [ -n "${CALLUP_PKG_IDENTITY:-}" ]; then
        set -- --sign "$CALLUP_PKG_IDENTITY"
    else
        set --
    fi
    parts=$OUTPUT/parts
    do_it mkdir -p "$parts/services" "$parts/applications" "$parts/resources"
    do_it env PYTHONPATH="$ROOT" "$PYTHON" -m installers.macos.package "$parts" "${ARCHITECTURE:-$(uname -m)}"
    do_it cp "$ROOT/LICENSE" "$parts/resources/"
    # The Finder's Quick Action lies beside the program: a folder of services is where the Finder looks.
    do_it env PYTHONPATH="$ROOT" "$PYTHON" -m installers.macos.quick_action "$parts/services"
    # Copied with ditto, which keeps the signature's links and attributes.
    do_it ditto "$APP" "$parts/applications/CallUp Desktop.app"
    do_it pkgbuild --root "$parts/applications" --component-plist "$parts/components.plist" --scripts "$HERE/scripts" \
        --install-location /Applications --identifier "$IDENTIFIER" --version "$VERSION" "$parts/program.pkg"
    do_it pkgbuild --root "$parts/services" --install-location /Library/Services --identifier "$IDENTIFIER.quick-action" --version "$VERSION" "$parts/quick-action.pkg"
    do_it productbuild --distribution "$parts/distribution.xml" --package-path "$parts" --resources "$parts/resources" \
        --identifier "$IDENTIFIER" --version "$VERSION" "$@" "$pkg"
    do_it rm -r "$parts"
    [ -z "${CALLUP_NOTARY:-}" ] || [ $# = 0 ] || notarise "$pkg" "$pkg"
}

main
