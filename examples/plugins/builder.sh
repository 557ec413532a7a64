#!/bin/sh
# A builder for Ringmaster: unpacks a commit and runs its build.sh (docs/engines/exec.md). What it is asked is in variables, too.
set -eu
home=${BUILDS:-$HOME/.my-builds}/${RINGMASTER_REPOSITORY:-}/${RINGMASTER_SHOW:-}

fail() {
    rm -rf "$home.new"
    printf '{"error":{"kind":"%s","message":"%s"}}\n' "$1" "$2"
    exit 1
}

lock() { # two calls for one show wait for each other; stdout is for answers, so all else goes to stderr
    mkdir -p "${home%/*}"
    exec 9>"$home.lock"
    flock 9
}

case $1 in
hello) echo '{"ok":{"protocol":1,"name":"build.sh","operations":["hello","build","remove"]}}' ;;
build)
    lock
    if [ ! -d "$home" ]; then
        git -C "$RINGMASTER_SOURCE" cat-file -e "$RINGMASTER_SHA^{commit}" 2>/dev/null ||
            git -C "$RINGMASTER_SOURCE" fetch --quiet "$RINGMASTER_REMOTE" "$RINGMASTER_SHA" >&2 ||
            fail not_found "there is no commit $RINGMASTER_SHA"
        rm -rf "$home.new" && mkdir "$home.new"
        git -C "$RINGMASTER_SOURCE" archive "$RINGMASTER_SHA" | tar -xf - -C "$home.new"
        (cd "$home.new" && sh ./build.sh) >&2 || fail failed "build.sh ended with exit code $?"
        mv "$home.new" "$home" # from here on it counts
    fi
    printf '{"ok":{"artifact":{"directory":"%s"}}}\n' "$home"
    ;;
remove)
    lock
    rm -rf "$home" "$home.new"
    echo '{"ok":{}}'
    ;;
esac
