#!/bin/sh
# test-certificate.sh FOLDER: an authority that nobody trusts, and a code signing key in a software token, for tests.
# FOLDER/environment is what sign.sh reads. Debian: softhsm2 libengine-pkcs11-openssl.
set -eu
mkdir -p "$1"
cd "$1"
[ ! -f environment ] || exit 0
umask 077
folder=$(pwd)
export SOFTHSM2_CONF="$folder/softhsm2.conf"
mkdir -p tokens
printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\n' "$folder" >softhsm2.conf
openssl rand -hex 8 >pin
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=CallUp test authority" -keyout authority.key -out authority.pem \
    -addext "keyUsage=critical,keyCertSign,cRLSign"
printf 'extendedKeyUsage=codeSigning\nkeyUsage=critical,digitalSignature\n' >extensions
openssl req -newkey rsa:2048 -nodes -subj "/CN=CallUp test signature" -keyout sign.key -out sign.csr
openssl x509 -req -days 30 -in sign.csr -CA authority.pem -CAkey authority.key -CAcreateserial -extfile extensions -out sign.pem
cat sign.pem authority.pem >chain.pem
openssl pkcs8 -topk8 -nocrypt -in sign.key -out sign.pkcs8
softhsm2-util --init-token --free --label callup --pin "$(cat pin)" --so-pin "$(cat pin)"
softhsm2-util --import sign.pkcs8 --token callup --label sign --id 01 --pin "$(cat pin)"
rm sign.key sign.pkcs8
cat >environment <<END
export SOFTHSM2_CONF="$SOFTHSM2_CONF"
export CALLUP_SIGN_MODULE="${SOFTHSM2_MODULE:-/usr/lib/softhsm/libsofthsm2.so}"
export CALLUP_SIGN_KEY="pkcs11:token=callup;object=sign;type=private"
export CALLUP_SIGN_PIN_FILE="$folder/pin"
export CALLUP_SIGN_CHAIN="$folder/chain.pem"
export CALLUP_SIGN_ISSUERS="$folder/authority.pem"
export CALLUP_SIGN_TIMESTAMP=none
END
