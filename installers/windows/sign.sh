#!/bin/sh
# sign.sh FILE...: signs programs in place, and verifies them. The certificate comes from the environment:
#   CALLUP_SIGN_PKCS12         the certificate with its key and its issuers
#   CALLUP_SIGN_PASSWORD_FILE  a file with its password, which so appears in no list of processes
#   CALLUP_SIGN_TIMESTAMP      the URL of an RFC 3161 time stamp server; without one a signature ends with its certificate
#   CALLUP_SIGN_ISSUERS        PEM to verify against; the system's issuers if empty
set -eu

for file in "$@"; do
    signed=$file.signed
    rm -f "$signed"
    osslsigncode sign -pkcs12 "$CALLUP_SIGN_PKCS12" -readpass "$CALLUP_SIGN_PASSWORD_FILE" -h sha256 -n "CallUp Desktop" \
        ${CALLUP_SIGN_TIMESTAMP:+-ts "$CALLUP_SIGN_TIMESTAMP"} -in "$file" -out "$signed" >&2
    osslsigncode verify ${CALLUP_SIGN_ISSUERS:+-CAfile "$CALLUP_SIGN_ISSUERS"} -in "$signed" >&2
    chmod --reference="$file" "$signed" 2>/dev/null || true
    mv "$signed" "$file"
done
