"""The repository that checks work on: a page of its version, built by a script that can be slow or broken."""

from checking import LEASE_SECONDS

APP = '''\
import http.server, os
page = ("version " + open("version.txt").read().strip() + "\\n").encode()
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if os.path.exists("unhealthy") else 200)
        self.end_headers()
        self.wfile.write(page)
    def log_message(self, *arguments):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
'''

BUILD = '''\
echo "building $(cat version.txt)"
if [ -f slow ]; then sleep "$(cat slow)"; fi
if [ -f broken ]; then echo "cannot find the frobnicator"; exit 3; fi
'''

CONFIG = f'''\
[project]
repository = "ada/hello"

[shows]
lease = "{LEASE_SECONDS}s"
lease_settle = "0s"

[shows.build]
engine = "command"
command = ["sh", "build.sh"]

[shows.run]
engine = "process"
command = ["python3", "app.py"]
health = ["/"]
health_interval = "100ms"
health_timeout = "20s"
'''
