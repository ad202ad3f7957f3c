#!/bin/sh
# Fails twice, then works: what a download or a device under test does on a bad day. It counts its attempts in a file.
set -eu
echo attempt >> "$1"
[ "$(wc -l < "$1")" -ge 3 ] || { echo "connection reset by peer" >&2; exit 75; }
echo "artifact fetched"
