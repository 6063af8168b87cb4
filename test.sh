#!/usr/bin/env bash
# The whole test run: restore, build without a warning, check formatting, run every test.
# The last line is "N passed, N failed"; the exit code is 0 only if nothing failed.
set -euo pipefail
cd "$(dirname "$0")"

results=artifacts/test-results
configuration=Release
step() { printf '\n== %s\n' "$1"; }

rm -rf "$results"

step "Restore"
dotnet tool restore
dotnet restore Rtfs.sln --locked-mode

step "Build (warnings are errors)"
dotnet build Rtfs.sln -c "$configuration" --no-restore --nologo -v minimal

step "Formatting"
dotnet fantomas --check src tests
dotnet format whitespace Rtfs.sln --no-restore --verify-no-changes
dotnet format style Rtfs.sln --no-restore --verify-no-changes

step "Tests"
failed_run=0
dotnet test Rtfs.sln -c "$configuration" --no-build --nologo --results-directory "$results" --logger trx || failed_run=1

# A trx file has one line <Counters total="…" passed="…" failed="…" …/>.
count() { cat "$results"/*.trx | tr '>' '\n' | sed -n "s/.*<Counters .*[ ]$1=\"\([0-9]*\)\".*/\1/p" | awk '{ n += $1 } END { print n + 0 }'; }
passed=$(count passed)
failed=$(count failed)
echo
echo "$passed passed, $failed failed"
[ "$failed_run" -eq 0 ] && [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
