#!/usr/bin/env bash
# Measures the project's figures and prints one line each: NAME VALUE FLOOR GOAL PASS|SHORT.
# Usage: bench/run.sh [ITEMS [ROUNDS]]       (5,000,000 items and 5 rounds by default; progress goes to standard error)
#        bench/run.sh evaluation [ROUNDS]    the interpreter alone
#        bench/run.sh checking [ROUNDS]      the checker alone
#        bench/run.sh flows [ROUNDS]         flows beside each other: a hung sink, callbacks
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build bench/Rtfs.Benchmarks -c Release --nologo -v quiet >&2
exec dotnet run --project bench/Rtfs.Benchmarks -c Release --no-build -- goals "$@"
