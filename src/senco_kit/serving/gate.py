"""Who may ask: looked at once, in front of every handler, so that none can forget it."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tornado import httputil, web

#: What the pages may load: only what this server gives, and nothing from any other place.
#: blob: in script-src is how anywidget loads a widget's module; inline styles are what Lumino and anywidget set.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)

#: Open without a token: what says that the kit is here, and the kit's own look.
_FREE_OF_TOKEN = ("/health", "/kit/", "/voila/static/", "/voila/labextensions/")


def is_this_computer(listen: str) -> bool:
    """Whether an address to listen on can be reached from this computer only."""
    if listen.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(listen).is_loopback
    except ValueError:
        return False


class Gate:
    """The rules for requests: the host they name, where they come from, and the token when there is one."""

    def __init__(self, port: int, token: str | None, host: str = "127.0.0.1") -> None:
        """Without a token only this computer is served, and the Host header must name it.

        host: the address listened on, as it stands in an address of the web; any of 127.0.0.0/8 may be chosen.
        """
        self.token = token
        self.cookie = f"senco-{port}"
        names = {"127.0.0.1", "localhost", "[::1]", host.lower()}
        self._hosts = None if token else {f"{name}:{port}" for name in names}
        if self._hosts and port == 80:
            self._hosts |= names

    def refusal(self, request: httputil.HTTPServerRequest) -> str | None:
        """The sentence that refuses a request, or None when it may pass."""
        if self._hosts is not None and request.host.lower() not in self._hosts:
            # A page elsewhere may point its own name at 127.0.0.1 (DNS rebinding); the Host header gives it away.
            return "This address is not one of the kit's own. Open the address that the kit printed when it started."
        if not self._same_origin(request):
            return "This request comes from another site, so the kit does not answer it."
        if self.token and not request.path.startswith(_FREE_OF_TOKEN) and not self._knows_token(request):
            return "The address needs its token. Open the whole address that the kit printed when it started."
        return None

    def address_without_token(self, request: httputil.HTTPServerRequest) -> str | None:
        """Where to send a browser that brought the right token in its address, so that it does not stay there."""
        given = dict(parse_qsl(request.query)).get("token")
        if not self.token or given is None or request.method != "GET" or not self._matches(given):
            return None
        rest = urlencode([(name, value) for name, value in parse_qsl(request.query) if name != "token"])
        # lstrip: a path that begins with two slashes would be read as another host.
        return "/" + request.path.lstrip("/") + (f"?{rest}" if rest else "")

    def _knows_token(self, request: httputil.HTTPServerRequest) -> bool:
        try:
            cookies = SimpleCookie(request.headers.get("Cookie", ""))
        except CookieError:
            return False
        return self.cookie in cookies and self._matches(cookies[self.cookie].value)

    def _matches(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), (self.token or "").encode())

    def _same_origin(self, request: httputil.HTTPServerRequest) -> bool:
        """No Origin header: not a page of another site that writes or opens a websocket."""
        origin = request.headers.get("Origin")
        if origin == "null":
            # Our Referrer-Policy makes browsers send this with a page's farewell; no script can set the other header.
            return request.headers.get("Sec-Fetch-Site") == "same-origin"
        return origin is None or urlsplit(origin).netloc.lower() == request.host.lower()


class Refusal(web.RequestHandler):
    """Answers a request that may not pass."""

    def initialize(self, sentence: str) -> None:
        """Keep the one sentence to say."""
        self.sentence = sentence

    def prepare(self) -> None:
        """Refuse, whatever the method."""
        self.set_status(403)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(self.sentence + "\n")


class TokenToCookie(web.RequestHandler):
    """Keeps a right token as a cookie and sends the browser to the same address without it."""

    def initialize(self, address: str, cookie: str, token: str) -> None:
        """Keep what to set and where to go."""
        self.address, self.cookie_name, self.token = address, cookie, token

    def prepare(self) -> None:
        """Set the cookie for this session of the browser and redirect."""
        self.set_cookie(self.cookie_name, self.token, httponly=True, samesite="Lax")
        self.redirect(self.address)


class GuardedApplication(web.Application):
    """A Tornado application in front of which the gate stands, and whose answers all carry the safety headers."""

    def __init__(self, gate: Gate, **settings: Any) -> None:
        """Take the gate and Voila's settings."""
        super().__init__(**settings)
        self.gate = gate
        self.add_transform(SafetyHeaders)

    def find_handler(self, request: httputil.HTTPServerRequest, **kwargs: Any) -> Any:
        """The handler of a request that passes the gate; otherwise the refusal."""
        sentence = self.gate.refusal(request)
        address = self.gate.address_without_token(request)
        if sentence and address is None:
            return self.get_handler_delegate(request, Refusal, {"sentence": sentence})
        if address is not None:
            going = {"address": address, "cookie": self.gate.cookie, "token": self.gate.token}
            return self.get_handler_delegate(request, TokenToCookie, going)
        return super().find_handler(request, **kwargs)

    def log_request(self, handler: web.RequestHandler) -> None:
        """Nothing: addresses can hold a token or what a person typed, and nobody reads such a log here."""


class SafetyHeaders(web.OutputTransform):
    """Puts the safety headers on every answer, static files and refusals included."""

    def transform_first_chunk(
        self, status_code: int, headers: httputil.HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, httputil.HTTPHeaders, bytes]:
        """Set the headers; the body stays as it is."""
        for name, value in SAFETY_HEADERS.items():
            headers[name] = value
        headers.pop("Server", None)
        return status_code, headers, chunk


SAFETY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
