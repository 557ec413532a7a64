#!/bin/busybox sh
# What a show under test does: serve, slow, crash, stubborn, count.
/bin/busybox mkdir -p /www
echo -n "$BODY" > /www/index.html
[ -z "$GREETING" ] || echo "$GREETING"
serve() {
    trap 'kill $server; exit 0' TERM
    /bin/busybox httpd -f -p "$PORT" -h /www &
    server=$!
    wait
}
case "$MODE" in
    slow) /bin/busybox nc -l -p 8081 -e /bin/busybox true; serve ;;
    # Not at once: ministack learns the address of a container only while it runs.
    crash) echo going down; /bin/busybox sleep 1; exit 3 ;;
    stubborn) trap '' TERM; echo here; while :; do /bin/busybox sleep 1; done ;;
    count) trap 'exit 0' TERM; for i in $(/bin/busybox seq 1 1000); do echo "line $i"; done; while :; do /bin/busybox sleep 1; done ;;
    *) serve ;;
esac
