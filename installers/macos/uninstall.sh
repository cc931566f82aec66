#!/bin/sh
# uninstall.sh [--purge]: removes CallUp Desktop from this Mac, and the login item of every user. Run it with sudo:
#   sudo "/Applications/CallUp Desktop.app/Contents/Resources/uninstall.sh"
# Calls that have not arrived stay in each user's list, for the next installation; --purge removes lists and logs, too.
# Entries of the keychain stay: `callup secrets remove` takes them away before.
set -eu
ROOT=${CALLUP_ROOT:-}
APP="$ROOT/Applications/CallUp Desktop.app"
IDENTIFIER=com.callup.desktop

[ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || { echo "Run it with sudo." >&2; exit 77; }
sh "$(dirname "$0")/scripts/preinstall"
# Only a link that leads into the program is its own.
case $(readlink "$ROOT/usr/local/bin/callup" 2>/dev/null || true) in "$APP"/*) rm "$ROOT/usr/local/bin/callup" ;; esac
rm -rf "$APP" "$ROOT/Library/Services/Send to CallUp.workflow"
for home in "$ROOT"/Users/*; do
    # Never through a link: a user may have put one there.
    if [ -L "$home/Library" ] || [ ! -d "$home/Library" ]; then
        continue
    fi
    rm -f "$home/Library/LaunchAgents/com.callup-desktop.plist"
    if [ "${1:-}" = --purge ]; then
        rm -rf "$home/Library/Application Support/CallUp Desktop" "$home/Library/Logs/CallUp Desktop"
    fi
done
if command -v pkgutil >/dev/null; then
    for receipt in "$IDENTIFIER" "$IDENTIFIER.quick-action"; do
        pkgutil --forget "$receipt" || echo "There is no receipt $receipt." >&2
    done
fi
