#!/usr/bin/env bash
# Every check of the project, as continuous integration runs them. Installs what it needs.
set -euo pipefail
cd "$(dirname "$0")/.."

for component in rustfmt clippy; do
    cargo "${component/rust/}" --version >/dev/null 2>&1 || rustup component add "$component"
done
missing=()
command -v python3 >/dev/null || missing+=(python3)
python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if [ ${#missing[@]} -gt 0 ]; then
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -yqq --no-install-recommends \
        "${missing[@]}" >/dev/null
fi

echo "== formatting"
cargo fmt --all -- --check
echo "== lints"
cargo clippy --locked --all-targets --quiet -- -D warnings
echo "== tests"
cargo test --locked --quiet
echo "== documentation"
RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" cargo doc --locked --no-deps --document-private-items --quiet
echo "== web pages and API in a browser"
cargo build --locked --quiet
bash tests/web/run.sh target/debug/newshound sample_corpus
