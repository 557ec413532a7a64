# Shared by the scripts in this folder: sourced, not run. Talk goes to stderr; stdout is for results.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

# The words of scripts/packages.txt, one a line.
# "package:command" is wanted only where the command is not there from elsewhere (Node often is).
wanted_packages() {
    sed -e 's/#.*//' "$root/scripts/packages.txt" | tr -s ' \t' '\n' | sed '/^$/d' | while IFS=: read -r package program; do
        { [ -n "$program" ] && command -v "$program" >/dev/null; } || echo "$package"
    done
}

# Those of them that are not installed. Needs no network and takes a few milliseconds.
missing_packages() {
    local installed
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
    wanted_packages | grep -vxF -f <(printf '%s\n' "$installed") || true
}
