#!/bin/sh
# Runs the browser tests against the real binary: a demo on free ports, in a temporary folder, stopped afterwards.
# The tests get RIHLA_SIGNINS: a file with every sign-in, one a line, as the demo prints them.
set -eu
cd "$(dirname "$0")/.."

tmp=$(mktemp -d)
demo=
finish() {
	status=$?
	trap - EXIT INT TERM
	if [ -n "$demo" ]; then
		kill -TERM "$demo" 2>/dev/null || :
		wait "$demo" 2>/dev/null || :
	fi
	[ $status -eq 0 ] || { echo "--- the demo's last words:"; tail -n 20 "$tmp/err" 2>/dev/null || :; } >&2
	rm -rf "$tmp"
	exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port=$(node -e '
const net = require("node:net")
const held = (port) => new Promise((ok, no) => { const s = net.createServer(); s.once("error", no); s.listen(port, "127.0.0.1", () => s.close(ok)) })
const pick = async () => { for (;;) { const p = 20000 + Math.floor(Math.random() * 12000); try { await held(p); await held(p + 1); return p } catch {} } }
pick().then((p) => console.log(p))')

TMPDIR=$tmp bin/rihla demo --json --port "$port" >"$tmp/signins" 2>"$tmp/err" &
demo=$!

# The last seat of each of the two states is the administrator's; a line counts once it is whole.
waited=0
until [ "$(grep -c '"role":"administrator".*}$' "$tmp/signins")" -ge 2 ]; do
	kill -0 "$demo" 2>/dev/null || { echo "the demo ended before it printed who can sign in" >&2; exit 1; }
	[ $waited -lt 600 ] || { echo "the demo printed no sign-ins within 60 s" >&2; exit 1; }
	waited=$((waited + 1))
	sleep 0.1
done
RIHLA_SIGNINS=$tmp/signins
export RIHLA_SIGNINS

cd web && npm run --silent e2e
