#!/bin/sh
# A router for Ringmaster: an nginx that learns from one file a pull request where its name leads (docs/engines/exec.md). Its http block has
#   map $host $show { include /etc/nginx/shows/*/*/*.map; }
#   server { listen 80; location / { if ($show = "") { return 404; } proxy_pass http://$show; proxy_set_header Host $host; } }
set -eu
routes=${ROUTES:-/etc/nginx/shows}
folder=$routes/${RINGMASTER_REPOSITORY:-}
file=$folder/${RINGMASTER_PR:-}.map

fail() {
    printf '{"error":{"kind":"%s","message":"%s"}}\n' "$1" "$2"
    exit 1
}

put() { # a line, or nothing: then the file goes
    mkdir -p "$folder"
    if [ "$1" ]; then printf '%s\n' "$1" >"$file.new" && mv "$file.new" "$file"; else rm -f "$file"; fi
}

change() { # one at a time; what nginx does not take is put back, or it would not take the next one either
    exec 9<"$routes"
    flock 9
    before=$(cat "$file" 2>/dev/null || :)
    put "$1"
    sh -c "${RELOAD:-nginx -s reload && sleep 1}" >&2 && return # it takes a moment until it heeds the new maps
    put "$before"
    fail failed "nginx does not take $file"
}

[ "$1" = hello ] || [ -d "$routes" ] || fail unavailable "there is no folder $routes"
name=${RINGMASTER_ADDRESS:-}
name=${name#*://}
case $1 in
hello) echo '{"ok":{"protocol":1,"name":"nginx maps","operations":["hello","point","withdraw","list"]}}' ;;
point)
    case $name in */*) fail failed "$name has a path, and this router knows names only" ;; esac
    change "${name%:*} $RINGMASTER_ENDPOINT;"
    echo '{"ok":{}}'
    ;;
withdraw)
    change ''
    echo '{"ok":{}}'
    ;;
list)
    list=
    for file in "$folder"/[0-9]*.map; do
        [ -e "$file" ] || continue
        number=${file##*/}
        to=$(sed -n '1s/^[^ ]* \([0-9A-Za-z.-]*\):\([0-9]*\);$/{"host":"\1","port":\2}/p' "$file") # nothing, if somebody changed it
        list="$list${list:+,}{\"pull_request\":${number%.map},\"endpoint\":${to:-null}}"
    done
    printf '{"ok":{"routes":[%s]}}\n' "$list"
    ;;
esac
