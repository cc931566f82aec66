#!/bin/sh
# test-certificate.sh FOLDER: a certificate authority and a code signing certificate that nobody trusts, for tests.
set -eu
folder=$1
[ -f "$folder/sign.p12" ] && exit
mkdir -p "$folder"
cd "$folder"
umask 077
openssl rand -hex 16 >password
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=CallUp test authority" -keyout authority.key -out authority.pem \
    -addext "keyUsage=critical,keyCertSign,cRLSign"
printf 'extendedKeyUsage=codeSigning\nkeyUsage=critical,digitalSignature\n' >extensions
openssl req -newkey rsa:2048 -nodes -subj "/CN=CallUp test signature" -keyout sign.key -out sign.csr
openssl x509 -req -days 30 -in sign.csr -CA authority.pem -CAkey authority.key -CAcreateserial -extfile extensions -out sign.pem
openssl pkcs12 -export -inkey sign.key -in sign.pem -certfile authority.pem -passout file:password -out sign.p12
