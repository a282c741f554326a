#!/usr/bin/env bash
# Builds the binary of an image again on this machine, elsewhere and with another cache, and compares it with the image's
# bit by bit: who has the commit can prove what runs. Needs a Docker engine and Go.
#
#   reproduce.sh [IMAGE]        (shop:local)
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
image=${1:-shop:local}
work=$(mktemp -d)
container=
trap '[ -z "$container" ] || docker rm --force "$container" >/dev/null; rm -rf "$work"' EXIT

container=$(docker create "$image")
docker cp --quiet "$container:/shop" "$work/image" 2>/dev/null || docker cp "$container:/shop" "$work/image"
# The flags are those of the Dockerfile, the version and the toolchain those of the image.
version=$(docker image inspect --format '{{index .Config.Labels "org.opencontainers.image.version"}}' "$image")
flags=$(grep -oE -- '-ldflags|"-s -w [^"]*"' "$root/apps/shop/deploy/Dockerfile" | grep '^"' | tr -d '"' | sed "s|\${VERSION}|$version|")
tags=$(grep -oP '^ARG TAGS=\K.*' "$root/apps/shop/deploy/Dockerfile")
goflags=$(grep -oP '^  GOFLAGS="\K[^"]*' "$root/apps/shop/deploy/Dockerfile")
toolchain=$(go version "$work/image" | awk '{print $2}')
(cd "$root/apps" && CGO_ENABLED=0 GOWORK=off GOFLAGS=$goflags GOTOOLCHAIN=$toolchain go build -trimpath -tags "$tags" -ldflags "$flags" -o "$work/here" ./shop)
if ! cmp "$work/image" "$work/here"; then
  echo "reproduce: $image is not what this tree gives with $toolchain; was it built from another commit?" >&2
  exit 1
fi
echo "reproduce: $image holds the binary of this tree, $(sha256sum <"$work/here" | cut -c1-16)…, $toolchain"
