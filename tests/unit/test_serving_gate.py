from __future__ import annotations

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from senco_kit.serving.gate import Gate, is_this_computer


def request(host: str, path: str = "/", **headers: str) -> HTTPServerRequest:
    given = HTTPHeaders({"Host": host} | {name.replace("_", "-"): value for name, value in headers.items()})
    return HTTPServerRequest(headers=given, start_line=RequestStartLine("GET", path, "HTTP/1.1"))


@pytest.mark.parametrize("host", ["127.0.0.1:8866", "localhost:8866", "LOCALHOST:8866", "[::1]:8866"])
def test_this_computers_names_pass(host: str) -> None:
    assert Gate(8866, None).refusal(request(host)) is None


@pytest.mark.parametrize(
    "host", ["evil.example:8866", "127.0.0.1.evil.example:8866", "127.0.0.1", "127.0.0.1:80", "localhost:8866."]
)
def test_other_names_are_refused(host: str) -> None:
    assert Gate(8866, None).refusal(request(host)) is not None


def test_the_address_listened_on_passes() -> None:
    assert Gate(8866, None, "127.0.0.2").refusal(request("127.0.0.2:8866")) is None
    assert Gate(80, None, "127.0.0.2").refusal(request("127.0.0.2")) is None
    assert Gate(8866, None, "127.0.0.2").refusal(request("127.0.0.3:8866")) is not None


def test_another_origin_is_refused_everywhere() -> None:
    gate = Gate(8866, None)
    assert gate.refusal(request("127.0.0.1:8866", "/health", Origin="http://evil.example")) is not None
    assert gate.refusal(request("127.0.0.1:8866", "/", Origin="http://127.0.0.1:9999")) is not None
    assert gate.refusal(request("127.0.0.1:8866", "/", Origin="http://127.0.0.1:8866")) is None
    assert gate.refusal(request("127.0.0.1:8866", "/", Origin="null")) is not None
    assert gate.refusal(request("127.0.0.1:8866", "/", Origin="null", Sec_Fetch_Site="cross-site")) is not None
    assert gate.refusal(request("127.0.0.1:8866", "/", Origin="null", Sec_Fetch_Site="same-origin")) is None


def test_the_token_is_asked_for_everywhere_but_health_and_look() -> None:
    gate = Gate(8866, "the-token")
    for path in ["/", "/self-audit", "/api/kernels/x/channels", "/voila/api/shutdown/x", "/voila/files/a.png", "/none"]:
        assert gate.refusal(request("school.example:8866", path)) is not None
        assert gate.refusal(request("school.example:8866", path, Cookie="senco-8866=wrong")) is not None
        assert gate.refusal(request("school.example:8866", path, Cookie="senco-8866=the-token")) is None
    for path in ["/health", "/kit/frame.css", "/voila/static/0a/voila.js", "/voila/labextensions/0a/x.js"]:
        assert gate.refusal(request("school.example:8866", path)) is None


def test_a_right_token_leaves_the_address() -> None:
    gate = Gate(8866, "the-token")
    ask = gate.address_without_token
    assert ask(request("a:8866", "/self-audit?audit=3&token=the-token")) == "/self-audit?audit=3"
    assert ask(request("a:8866", "//evil.example/?token=the-token")) == "/evil.example/"
    assert ask(request("a:8866", "/?token=wrong")) is None
    assert ask(request("a:8866", "/?token=")) is None
    assert ask(request("a:8866", "/")) is None
    assert Gate(8866, None).address_without_token(request("127.0.0.1:8866", "/?token=")) is None


@pytest.mark.parametrize(
    ("listen", "private"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.0.0.5", True)]
    + [(name, False) for name in ("0.0.0.0", "", "::", "192.168.1.4", "school.example")],
)
def test_which_addresses_are_this_computer_alone(listen: str, private: bool) -> None:
    assert is_this_computer(listen) is private
