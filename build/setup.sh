#!/bin/sh
# Sees that this machine has what building and testing Rihla need. As root on Debian it installs what is missing;
# otherwise it names it, in one line, and stops.
set -eu

missing= packages=
lacks() { # what, the Debian packages that bring it
	missing="$missing${missing:+, }$1"
	packages="$packages $2"
}
have() { command -v "$1" >/dev/null 2>&1; }
postgres() { have initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
browser() { [ -n "${CHROMIUM:-}" ] || have chromium || have chromium-browser || have google-chrome; }

look() {
	missing= packages=
	have git || lacks git git
	have gcc || lacks "gcc (for the race detector)" "gcc libc6-dev"
	{ have node && have npm; } || lacks "Node.js with npm" "nodejs npm"
	postgres || lacks "PostgreSQL's server programs" postgresql
	browser || lacks Chromium "chromium fonts-noto-core"
}

have go || { echo "Go is missing: install 1.26 or newer from https://go.dev/dl/ (Debian's own is older)" >&2; exit 1; }

look
if [ -n "$missing" ]; then
	if [ "$(id -u)" = 0 ] && have apt-get; then
		echo "installing $missing"
		export DEBIAN_FRONTEND=noninteractive
		# shellcheck disable=SC2086 # a list of packages
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages; } >/dev/null
		look
	fi
	[ -z "$missing" ] || { echo "missing: $missing (on Debian: apt-get install$packages)" >&2; exit 1; }
fi

node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
	{ echo "Node.js $(node --version) is too old: 20.19 or newer is needed, see https://nodejs.org/" >&2; exit 1; }
