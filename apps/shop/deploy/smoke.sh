#!/usr/bin/env bash
# Tries the image and compose.yaml for real: looks at the image, brings shop and database up, buys something, restarts
# both, finds the order again, stops, and leaves nothing behind. Needs a Docker engine with Compose, and curl.
#
#   smoke.sh [IMAGE]        (shop:local; `make image` builds it)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export SHOP_IMAGE=${1:-shop:local}
export COMPOSE_PROJECT_NAME=shop-smoke-$$ SHOP_PORT=0 COMPOSE_PROGRESS=quiet
work=$(mktemp -d)
export SHOP_SECRETS=$work/secrets

say() { printf 'smoke: %s\n' "$*"; }
fail() { say "FAILED: $*" >&2; exit 1; }
compose() { docker compose -f "$here/compose.yaml" --env-file /dev/null "$@"; }
left() {
  docker ps --all --quiet --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME"
  docker volume ls --quiet --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME"
  docker network ls --quiet --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME"
}
finish() {
  status=$?
  if [ "$status" != 0 ]; then
    compose ps --all >&2 || true
    compose logs --no-color --tail 40 >&2 || true
  fi
  compose down --volumes --remove-orphans --timeout 5 >/dev/null 2>&1 || true
  rm -rf "$work"
  [ -z "$(left)" ] || { say "something is left behind" >&2; status=1; }
  exit "$status"
}
trap finish EXIT

# The image.
size=$(docker image inspect --format '{{.Size}}' "$SHOP_IMAGE")
[ "$size" -lt 40000000 ] || fail "the image has $size bytes, 40 MB or more"
user=$(docker image inspect --format '{{.Config.User}}' "$SHOP_IMAGE")
[[ $user =~ ^[1-9][0-9]*(:[1-9][0-9]*)?$ ]] || fail "the image runs as '$user', which is no number above 0"
[ "$(docker image inspect --format '{{.Config.Healthcheck.Test}}' "$SHOP_IMAGE")" = '[CMD /shop health]' ] || fail "the image has no health check"
for shell in /bin/sh /bin/bash /busybox/sh; do
  if docker run --rm --network none --entrypoint "$shell" "$SHOP_IMAGE" -c true 2>/dev/null; then fail "there is a shell, $shell"; fi
done
version=$(docker run --rm --network none --read-only --cap-drop ALL "$SHOP_IMAGE" version)
say "$SHOP_IMAGE: $size bytes, user $user, no shell, $version"
# By itself it is the demo shop, also where nothing can be written.
demo=$(docker run --detach --rm --read-only --cap-drop ALL --security-opt no-new-privileges "$SHOP_IMAGE")
for _ in $(seq 60); do
  state=$(docker inspect --format '{{.State.Health.Status}}' "$demo")
  [ "$state" != healthy ] || break
  sleep 1
done
docker stop --time 20 "$demo" >/dev/null
[ "$state" = healthy ] || fail "the demo shop is $state after a minute"

# Shop and database.
"$here/secrets.sh" "$SHOP_SECRETS" >/dev/null
SECONDS=0
compose up --detach --wait --wait-timeout 180 || fail "it is not healthy"
say "healthy after $SECONDS s"
base() { echo "http://$(compose port shop 8080)"; }
# A shop whose database was away may answer 503 for up to five seconds more: as any client should, ask again.
call() { curl --silent --show-error --fail-with-body --max-time 20 --retry 5 --retry-delay 1 --retry-max-time 5 "$@"; }
ready() { # Until the shop can serve again: its own health check looks every few seconds.
  for _ in $(seq 60); do
    if call "$(base)/health/ready" >/dev/null 2>&1; then return; fi
    sleep 1
  done
  fail "$1: not ready after a minute"
}
field() { grep -oE "\"$1\" ?: ?\"[^\"]+\"" | head -n 1 | cut -d '"' -f 4; }

"$here/secrets.sh" "$SHOP_SECRETS" | grep -q made && fail "the secrets were made anew"
compose run --rm -T --no-deps shop import products - <"$here/../demo/products.csv" >/dev/null || fail "products cannot be imported"
call "$(base)/api/v1/products?limit=1" | grep -q '"slug"' || fail "no product is listed"
sku=$(call "$(base)/api/v1/products/galvanised-watering-can" | field sku) || fail "a product of the demo catalogue is missing"
cart=$(call "$(base)/api/v1/carts" -H 'Content-Type: application/json' -d "{\"lines\":[{\"sku\":\"$sku\",\"quantity\":1}]}" | field id)
buy() {
  call "$(base)/api/v1/carts/$cart/checkout" -H 'Content-Type: application/json' -H "Idempotency-Key: smoke-$cart" \
    -d '{"email":"you@example.com","payment":{"provider":"manual"},"shipping_address":{"name":"You","line1":"1 Quay Street","city":"Ipswich","postal_code":"IP4 1BZ","country":"GB"}}'
}
buy >"$work/order"
order=$(field id <"$work/order") number=$(field number <"$work/order") token=$(field token <"$work/order")
say "bought $sku: order $number"
found() {
  [ "$(call "$(base)/api/v1/orders/$order" -H "X-Order-Token: $token" | field number)" = "$number" ] || fail "$1: the order is not there"
  say "$1: the order is there"
}
found "at once"

compose restart shop >/dev/null
ready "after a restart of the shop"
found "after a restart of the shop"
compose restart postgres >/dev/null
ready "after a restart of the database"
found "after a restart of the database"
[ "$(buy | field id)" = "$order" ] || fail "the same key made another order"

# What runs is as hard as compose.yaml says.
for service in shop postgres; do
  container=$(compose ps --quiet $service)
  hard=$(docker inspect --format '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{gt .HostConfig.Memory 0}}' "$container")
  [ "$hard" = 'true [ALL] [no-new-privileges:true] true' ] || fail "$service runs with $hard"
  if docker inspect --format '{{.Config.Env}}' "$container" | grep -qF "$(cat "$SHOP_SECRETS/database_password")"; then fail "a secret is in $service's environment"; fi
done
compose port shop 8080 | grep -q '^127\.0\.0\.1:' || fail "the port is open to others"
if compose logs shop migrate 2>&1 | grep -qF -f <(cat "$SHOP_SECRETS"/*); then fail "a secret is in the log"; fi
shop=$(compose ps --quiet shop)
compose stop shop >/dev/null
[ "$(docker inspect --format '{{.State.ExitCode}}' "$shop")" = 0 ] || fail "the shop does not end with 0"

compose down --volumes --remove-orphans >/dev/null
[ -z "$(left)" ] || fail "something is left behind"
say "all is well, after $SECONDS s"
