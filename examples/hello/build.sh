#!/bin/sh
# Renders the page: the greeting, and which commit it is from.
set -eu
greeting=$(cat greeting.txt)
commit=$(git rev-parse --short=7 HEAD)
mkdir -p site
cat > site/index.html <<END
<!doctype html>
<meta charset="utf-8">
<title>$greeting</title>
<style>body { font: 2rem/1.5 system-ui; margin: 20vh auto; text-align: center }</style>
<h1>$greeting, from $commit</h1>
END
echo "rendered \"$greeting\" at $commit"
