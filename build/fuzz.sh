#!/bin/sh
# Fuzzes every target for the time given. What it finds lands in testdata/fuzz beside the package, to be committed.
set -eu
cd "$(dirname "$0")/.."
for package in $(git grep -l 'func Fuzz' -- '*_test.go' | xargs -n1 dirname | sort -u); do
	for target in $(cd "$package" && go test -list '^Fuzz' . | grep '^Fuzz'); do
		echo "$package $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" "./$package"
	done
done
