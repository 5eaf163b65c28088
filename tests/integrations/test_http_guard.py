"""The guard: nothing a person can type makes the desk fetch from inside its own network.

Shown to fail against two weakened builds, kept here: check-then-fetch (``test_the_table_bites``) and a guard that
trusts ``ipaddress.is_global`` (``test_is_global_alone_is_no_guard``).
"""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from benchmarks import ssrf
from claims.integrations import addresses, conf, errors, http, urls
from tests.standins.server import Reply, StandIn
from tests.standins.web import PUBLIC, PublicWeb


@pytest.fixture(autouse=True)
def _outside(settings: Any) -> None:
    settings.FACTCHECK_OUTSIDE = True


def test_no_row_of_the_table_reaches_the_victim_by_any_path() -> None:
    outcome = ssrf.run(ssrf.PATHS)
    assert outcome.addresses >= 60
    assert (outcome.victim_hits, outcome.private_dials, outcome.repeated_look_ups, outcome.echoes) == (
        0,
        0,
        0,
        0,
    )
    assert outcome.harmless_refused == 0


def test_the_table_bites() -> None:
    outcome = ssrf.run({"page": ssrf.check_then_fetch})
    assert outcome.victim_hits > 0
    assert outcome.repeated_look_ups > 0


def test_is_global_alone_is_no_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        addresses, "is_public", lambda address, closed=(): ipaddress.ip_address(address).is_global
    )
    rows = ["http://[64:ff9b::7f00:1]/", "http://168.63.129.16/", "http://[fec0::1]/", "http://[ff02::1]/"]
    assert ssrf.run({"page": ssrf.guarded_fetch}, rows).private_dials > 0


def test_a_rebinding_name_is_looked_up_once_and_the_checked_address_is_dialled(public_web: PublicWeb) -> None:
    public_web.name("rebinding.test", [PUBLIC], ["127.0.0.1"])
    http.fetch("http://rebinding.test/bridge")
    assert public_web.look_ups["rebinding.test"] == 1
    assert public_web.dialled == [(PUBLIC, 80)]


def test_the_second_hop_is_checked_again(public_web: PublicWeb) -> None:
    public_web.name("rebinding.test", [PUBLIC], ["127.0.0.1"])
    public_web.site.fault("/again", "redirect", to="http://rebinding.test/bridge")
    with pytest.raises(errors.AddressNotAllowed):
        http.fetch("http://rebinding.test/again")
    assert public_web.hits == 0


@pytest.mark.parametrize(
    "answers", [[PUBLIC, "10.0.0.1"], ["10.0.0.1", PUBLIC], [PUBLIC, "::1"], [PUBLIC, "x"]]
)
def test_one_private_answer_spoils_all(public_web: PublicWeb, answers: list[str]) -> None:
    public_web.name("mixed.test", answers)
    with pytest.raises(errors.AddressNotAllowed):
        http.fetch("http://mixed.test/")
    assert public_web.dialled == []


def test_the_next_address_is_tried_when_the_first_is_dead(public_web: PublicWeb) -> None:
    public_web.name("two.test", ["93.184.216.99", PUBLIC])
    dial = public_web.client.dialer

    def first_is_dead(address: str, port: int, seconds: float) -> Any:
        if address == "93.184.216.99":
            raise ConnectionRefusedError
        return dial(address, port, seconds)

    public_web.client.dialer = first_is_dead
    assert http.fetch("http://two.test/bridge").status == 200


def test_proxies_of_the_environment_are_ignored(
    public_web: PublicWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, public_web.victim.origin)
    assert "bridge" in http.fetch("http://gazette.test/bridge").text
    assert public_web.hits == 0


@pytest.mark.parametrize("hops", [0, 1, 3])
def test_redirects_are_followed_up_to_the_limit(public_web: PublicWeb, hops: int) -> None:
    for number in range(hops):
        to = "/bridge" if number == hops - 1 else f"/hop{number + 1}"
        public_web.site.fault(f"/hop{number}", "redirect", to=to, status=(301, 302, 307)[number])
    answer = http.fetch("http://gazette.test/hop0" if hops else "http://gazette.test/bridge")
    assert answer.url == "http://gazette.test/bridge"
    assert len(answer.redirects) == hops


def test_a_fourth_redirect_is_refused(public_web: PublicWeb) -> None:
    public_web.site.fault("/round", "redirect", to="/round", times=None)
    with pytest.raises(errors.TooManyRedirects, match="more than 3 times"):
        http.fetch("http://gazette.test/round")
    assert len(public_web.site.seen) == 4


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "http://u:p@gazette.test/", "http://gazette.test:22/", "//["]
)
def test_a_redirect_to_something_else_is_refused(public_web: PublicWeb, target: str) -> None:
    public_web.site.fault("/go", "redirect", to=target)
    with pytest.raises(errors.RedirectNotAllowed):
        http.fetch("http://gazette.test/go")


def test_headers_of_the_caller_do_not_cross_to_another_site(public_web: PublicWeb) -> None:
    public_web.site.fault("/first", "redirect", to="http://other.test/bridge")
    http.fetch("http://gazette.test/first", headers={"X-Secret": "s3cret"})
    first, second = public_web.site.seen
    assert first.headers["x-secret"] == "s3cret"
    assert "x-secret" not in second.headers
    assert second.headers["host"] == "other.test"


@pytest.mark.parametrize("name", ["Host", "Content-Length", "transfer-encoding", "X-Bad\r\nHost", "X Y"])
def test_a_caller_cannot_set_the_headers_that_frame_a_request(public_web: PublicWeb, name: str) -> None:
    with pytest.raises(ValueError, match="may not be set"):
        http.fetch("http://gazette.test/", headers={name: "evil.test"})
    with pytest.raises(ValueError, match="may not be set"):
        http.fetch("http://gazette.test/", headers={"X-Fine": "a\r\nHost: evil.test"})


class TestTrustedOrigins:
    """A private origin is open to the one service it is listed for, and to nothing else."""

    @pytest.fixture(autouse=True)
    def _listed(self, stand_in: StandIn, settings: Any) -> None:
        settings.FACTCHECK_TRUSTED_ORIGINS = {
            "searxng": stand_in.origin,
            "metadata": "http://169.254.169.254",
        }

    def test_the_service_reaches_it(self, stand_in: StandIn) -> None:
        assert http.fetch(stand_in.origin + "/bridge", service="searxng").ok

    def test_a_person_does_not(self, stand_in: StandIn) -> None:
        with pytest.raises(errors.PortNotAllowed):
            http.fetch(stand_in.origin + "/bridge")

    def test_another_service_does_not(self, stand_in: StandIn) -> None:
        with pytest.raises(errors.PortNotAllowed):
            http.fetch(stand_in.origin + "/bridge", service="wikipedia")

    def test_another_port_of_it_does_not(self, stand_in: StandIn) -> None:
        with StandIn() as other, pytest.raises(errors.FetchError):
            http.fetch(other.origin + "/bridge", service="searxng")

    def test_a_redirect_from_it_or_back_to_it_does_not(self, stand_in: StandIn) -> None:
        stand_in.fault("/go", "redirect", to=stand_in.origin + "/bridge")
        with pytest.raises(errors.RedirectNotAllowed):
            http.fetch(stand_in.origin + "/go", service="searxng")
        assert [seen.path for seen in stand_in.seen] == ["/go"]
        stand_in.fault("/on", "redirect", to="http://127.0.0.1/")
        with pytest.raises(errors.AddressNotAllowed):
            http.fetch(stand_in.origin + "/on", service="searxng")

    def test_metadata_stays_closed_even_when_listed(self) -> None:
        with pytest.raises(errors.AddressNotAllowed):
            http.fetch("http://169.254.169.254/latest/", service="metadata")

    def test_a_request_never_follows_a_redirect(self, stand_in: StandIn) -> None:
        stand_in.fault("/go", "redirect", to="/bridge")
        assert http.request("POST", stand_in.origin + "/go", service="searxng", json={}).status == 302
        assert len(stand_in.seen) == 1


def test_the_operator_can_close_further_networks(public_web: PublicWeb, settings: Any) -> None:
    settings.FACTCHECK_DENIED_NETWORKS = ["93.184.216.0/24", "2606:2800::/32"]
    with pytest.raises(errors.AddressNotAllowed):
        http.fetch("http://gazette.test/bridge")
    with pytest.raises(errors.AddressNotAllowed):
        http.fetch("http://[2606:2800:220:1::1]/bridge")
    assert conf.denied_networks() == ("93.184.216.0/24", "2606:2800::/32")


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::1", "198.41.0.4", "172.15.0.1"],
)
def test_public_addresses_are_public(address: str) -> None:
    assert addresses.is_public(address)


def test_errors_never_repeat_what_the_other_side_said(public_web: PublicWeb) -> None:
    for kind in ("fault", "malformed", "garbage", "many_headers", "hang_up", "truncated"):
        public_web.site.fault("/page", kind)
        with pytest.raises(errors.FetchError) as caught:
            http.fetch("http://gazette.test/page").json()
        error = caught.value
        assert "CANARY" not in f"{error} {error!r} {error.__cause__!r} {error.figures}"


def test_fetch_needs_no_settings_and_no_database() -> None:
    import subprocess
    import sys

    script = (
        "from claims.integrations import http\n"
        "try: http.fetch('http://127.0.0.1/')\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={"PATH": ""}, check=True
    )
    assert done.stdout.startswith("AddressNotAllowed This address does not lead to a public website")


def test_a_url_that_python_cannot_encode_is_refused() -> None:
    for url in ("http://gazette.test/\ud800", "http://\ud800.test/", "http://" + "a" * 5000, "", "  "):
        with pytest.raises(errors.NotAWebAddress):
            urls.parse(url)


def test_the_site_gets_a_plain_request(public_web: PublicWeb) -> None:
    public_web.site.route("/sn%C3%B6", lambda seen: Reply.html("ok"))
    http.fetch("http://bücher.test/snö?q=a b&c=%20")
    seen = public_web.site.seen[0]
    assert seen.headers["host"] == "xn--bcher-kva.test"
    assert seen.query == {"q": "a b", "c": " "}
    assert seen.headers["user-agent"] == conf.DEFAULT_USER_AGENT
    assert "cookie" not in seen.headers
