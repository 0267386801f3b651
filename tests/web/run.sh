#!/usr/bin/env bash
# Checks the web pages and the API of a built newshound in a real browser and by their own
# description:
#
#   tests/web/run.sh BINARY FOLDER
#
# FOLDER is an archive; it is copied, the hostile articles beside this script are added, and the
# copy is indexed and served on a free port. Builds nothing of newshound, but installs what it
# needs where that is missing: Chromium (by apt-get), two npm packages, schemathesis (by pip).
# With SHOTS=FOLDER, screenshots of every page are left there.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
binary=$(realpath "$1")
folder=$(realpath "$2")
tools=${NEWSHOUND_TEST_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/newshound-test-tools}
work=$(mktemp -d)
server=
clean_up() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap clean_up EXIT

find_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
if ! find_browser >/dev/null; then
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -yqq --no-install-recommends \
        chromium fonts-liberation2 >/dev/null
fi
mkdir -p "$tools"
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$tools"
(cd "$tools" && [ -d node_modules/playwright-core ] || npm ci --silent)
if ! [ -x "$tools/venv/bin/schemathesis" ]; then
    python3 -m venv "$tools/venv"
    "$tools/venv/bin/pip" install --quiet -r "$here/requirements.txt"
fi

cp -r "$folder" "$work/archive"
rm -rf "$work/archive/.newshound"
mkdir -p "$work/archive/hostile"
cp "$here"/hostile/* "$work/archive/hostile"
"$binary" index "$work/archive" >"$work/index.log" 2>&1 || { cat "$work/index.log"; exit 1; }
"$binary" serve --in "$work/archive" --addr 127.0.0.1:0 >"$work/serve.log" 2>&1 &
server=$!
address=
for _ in $(seq 100); do
    address=$(grep -ohm1 'http://[0-9.]*:[0-9]*' "$work/serve.log" || true)
    [ -n "$address" ] && break
    kill -0 "$server" || { cat "$work/serve.log"; exit 1; }
    sleep 0.1
done
[ -n "$address" ] || { echo "the server did not say where it listens"; exit 1; }

cp "$here/browser.mjs" "$tools"
(cd "$tools" && BASE_URL="$address" CHROMIUM=$(find_browser) SHOTS=${SHOTS:-} \
    node --test --test-timeout=900000 browser.mjs)

# Answers as the document says, and no fault of the server, whatever is asked.
"$tools/venv/bin/schemathesis" --config-file "$here/schemathesis.toml" run "$address/api/v1/openapi.json" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance,negative_data_rejection,unsupported_method \
    --phases examples,coverage,fuzzing --max-examples 25 --seed 1 --workers 2 --no-color \
    --report-dir "$work/reports"

# It stops when told to.
kill "$server"
for _ in $(seq 100); do
    kill -0 "$server" 2>/dev/null || { server=; break; }
    sleep 0.1
done
[ -z "$server" ] || { echo "the server did not stop"; exit 1; }
echo "web pages and API: all checks passed"
