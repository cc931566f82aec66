#!/bin/sh
# sign.sh FILE...: signs programs in place, and verifies them. The key stays in its token or HSM, which no certificate
# authority has allowed otherwise since June 2023; a PKCS#11 module is the way to it. From the environment:
#   CALLUP_SIGN_MODULE      the PKCS#11 module of the token or of the cloud's HSM
#   CALLUP_SIGN_KEY         the key's PKCS#11 URI (RFC 7512)
#   CALLUP_SIGN_PIN_FILE    a file with the PIN, which so appears in no list of processes
#   CALLUP_SIGN_CHAIN       PEM: the certificate, then its issuers
#   CALLUP_SIGN_TIMESTAMP   the URL of an RFC 3161 time stamp server; "none" for trials, as a signature without a time
#                           ends with its certificate
#   CALLUP_SIGN_ISSUERS     PEM to verify against; the system's issuers if empty
# Debian: osslsigncode libengine-pkcs11-openssl.
set -eu
: "${CALLUP_SIGN_MODULE:?}" "${CALLUP_SIGN_KEY:?}" "${CALLUP_SIGN_PIN_FILE:?}" "${CALLUP_SIGN_CHAIN:?}"
: "${CALLUP_SIGN_TIMESTAMP:?without a time stamp a signature ends with its certificate}"
engine=$(openssl version -e | sed 's/.*"\(.*\)"/\1/')/pkcs11.so
stamp=$CALLUP_SIGN_TIMESTAMP
[ "$stamp" != none ] || stamp=

for file in "$@"; do
    signed=$file.signed
    rm -f "$signed"
    osslsigncode sign -pkcs11engine "$engine" -pkcs11module "$CALLUP_SIGN_MODULE" -key "$CALLUP_SIGN_KEY" \
        -readpass "$CALLUP_SIGN_PIN_FILE" -certs "$CALLUP_SIGN_CHAIN" -h sha256 -n "CallUp Desktop" \
        ${stamp:+-ts "$stamp"} -in "$file" -out "$signed" >&2
    osslsigncode verify ${CALLUP_SIGN_ISSUERS:+-CAfile "$CALLUP_SIGN_ISSUERS"} -in "$signed" >&2
    chmod --reference="$file" "$signed" 2>/dev/null || true
    mv "$signed" "$file"
done
