"""Python loads this by its name at start: requests of httpx to api.github.com go to the forge (showtime has no setting)."""
import os

try:
    import httpx
except ImportError:  # pip's own start in this environment
    pass
else:
    _build_request = httpx.Client.build_request

    def _redirected(self, method, url, **arguments):
        target = str(url).replace("https://api.github.com", os.environ["FORGE_URL"])
        return _build_request(self, method, target, **arguments)

    httpx.Client.build_request = _redirected
