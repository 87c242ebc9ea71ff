#!/bin/sh
# Runs the browser tests against the real binary: a demo on free ports, in a temporary folder, stopped afterwards.
# The tests get RIHLA_URL, RIHLA_NAME, RIHLA_PASSWORD of an analyst, and in RIHLA_SIGNINS a file with every sign-in.
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

analyst() {
	node -e '
const lines = require("node:fs").readFileSync(process.argv[1], "utf8").split("\n").slice(0, -1)
const seat = lines.map((l) => JSON.parse(l)).find((s) => s.role === "analyst" && s.password)
if (!seat) process.exit(1)
console.log([seat.url, seat.name, seat.password].join("\n"))' "$tmp/signins" 2>/dev/null
}
waited=0
until analyst >"$tmp/analyst"; do
	kill -0 "$demo" 2>/dev/null || { echo "the demo ended before it printed an analyst's sign-in" >&2; exit 1; }
	[ $waited -lt 600 ] || { echo "the demo printed no analyst's sign-in within 60 s" >&2; exit 1; }
	waited=$((waited + 1))
	sleep 0.1
done
RIHLA_URL=$(sed -n 1p "$tmp/analyst") RIHLA_NAME=$(sed -n 2p "$tmp/analyst") RIHLA_PASSWORD=$(sed -n 3p "$tmp/analyst") RIHLA_SIGNINS=$tmp/signins
export RIHLA_URL RIHLA_NAME RIHLA_PASSWORD RIHLA_SIGNINS

cd web && npm run --silent e2e
