#!/bin/sh
# Makes the database's password once: for the database, and for the hosts in the form of libpq's password file.
set -eu
cd /secrets
[ -s pgpass ] && exit 0
head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' > password
printf '*:*:*:*:%s\n' "$(cat password)" > pgpass.new
# Two users read them, and only their containers have this volume.
chmod 444 password pgpass.new
mv pgpass.new pgpass
