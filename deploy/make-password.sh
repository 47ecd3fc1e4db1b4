#!/bin/sh
# Makes the database's password once, for the database and for the hosts in the form of libpq's password file; and the
# hosts' master key.
set -eu
cd /secrets
[ -s pgpass ] && exit 0
head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' > password
head -c 32 /dev/urandom | base64 > master.key
printf '*:*:*:*:%s\n' "$(cat password)" > pgpass.new
# Two users read them, and only their containers have this volume.
chmod 444 password master.key pgpass.new
mv pgpass.new pgpass
