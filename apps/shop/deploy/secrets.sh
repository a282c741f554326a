#!/usr/bin/env bash
# Makes the secrets that compose.yaml names, each in a file of its own; one that is there is left alone, so running it
# again is safe. Usage: secrets.sh [FOLDER]        (apps/shop/deploy/secrets)
#
# The folder is for you alone. The files in it can be read by all, because the containers' users are not yours.
set -euo pipefail
folder=${1:-$(cd "$(dirname "$0")" && pwd)/secrets}
umask 077
mkdir -p "$folder"
chmod 700 "$folder"

random() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
keep() { # keep NAME < secret
  if [ -s "$folder/$1" ]; then
    cat >/dev/null
    echo "kept  $folder/$1"
    return
  fi
  cat >"$folder/$1.new"
  chmod 444 "$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1" # Whole or not at all.
  echo "made  $folder/$1"
}

random 24 | tr '+/' '-_' | keep database_password # Of characters that stand for themselves in an address.
printf 'postgres://shop:%s@postgres:5432/shop?sslmode=disable\n' "$(cat "$folder/database_password")" | keep database_url
printf 'k1:%s\n' "$(random 32)" | keep token_keys
random 18 | keep admin_password
random 24 | keep admin_api_key
