"""A bad line costs patience, never correctness; a hostile server costs a bounded number of bytes and a clear sentence."""

from __future__ import annotations

import base64
import hashlib
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tuf.api.exceptions import DownloadHTTPError

from border_kit.sync.fetchers import HttpFetcher, Limits, fetcher_for
from border_kit.sync.refusal import LineError, Refusal
from tests.sync.link import PORTAL, Server, answer, served
from tests.sync.tls import self_signed

BODY = random.Random(8).randbytes(200_000)
SHA = hashlib.sha256(BODY).hexdigest()
SHORT = Limits(connect=60, gap=60, head=60, window=60, least=1, tries=4, pause=0.001, longest_pause=0.01)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "served"
    root.mkdir()
    (root / "big").write_bytes(BODY)
    (root / "small.json").write_bytes(b'{"signed": {}}')
    return root


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with served(folder) as running:
        yield running


def fetcher(server: Server, limits: Limits = SHORT) -> HttpFetcher:
    return HttpFetcher(server.url, limits=limits)


def obtain(server: Server, into: Path, limits: Limits = SHORT) -> HttpFetcher:
    found = fetcher(server, limits)
    found.obtain(found.base + "big", into, length=len(BODY), sha256=SHA)
    assert into.read_bytes() == BODY
    return found


def refused(server: Server, into: Path, limits: Limits = SHORT) -> str:
    with pytest.raises((Refusal, LineError)) as caught:
        obtain(server, into, limits)
    assert not into.exists()
    assert caught.value.hint
    return caught.value.code


def test_a_sound_line_brings_a_file_in_one_request(server: Server, tmp_path: Path) -> None:
    found = obtain(server, tmp_path / "got")
    assert len(server.requests) == 1
    assert found.received == len(BODY)
    assert (
        sorted(path.name for path in tmp_path.iterdir()) == ["got", "office", "served"]
        or not (tmp_path / "got.partial").exists()
    )


@pytest.mark.parametrize("clean", [False, True], ids=["reset", "looks like a clean end"])
def test_a_cut_line_goes_on_where_it_broke(server: Server, tmp_path: Path, clean: bool) -> None:
    server.line.cut_after, server.line.clean_cut = 30_000, clean
    found = obtain(server, tmp_path / "got")
    assert server.connections >= 7
    assert found.received == len(BODY)


def test_what_came_before_the_process_ended_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    server.line.cut_after = 90_000
    stopping = HttpFetcher(server.url, limits=SHORT, sleep=_stop)
    with pytest.raises(KeyboardInterrupt):
        stopping.obtain(server.url + "big", tmp_path / "got", length=len(BODY), sha256=SHA)
    server.line.cut_after = None
    before = server.down
    obtain(server, tmp_path / "got")
    assert server.down - before < len(BODY) - 80_000
    assert server.requests[-1].headers["range"].startswith("bytes=8")
    assert "if-range" in server.requests[-1].headers


def _stop(_seconds: float) -> None:
    raise KeyboardInterrupt


def test_a_server_that_ignores_ranges_still_serves_a_line_that_holds(server: Server, tmp_path: Path) -> None:
    server.line.ranges, server.line.cut_after, server.line.cuts = False, 50_000, 2
    obtain(server, tmp_path / "got")
    assert len(server.requests) == 3


def test_a_server_that_ignores_ranges_on_a_line_that_never_holds_is_told(server: Server, tmp_path: Path) -> None:
    server.line.ranges, server.line.cut_after = False, 50_000
    assert refused(server, tmp_path / "got") == "cannot_resume"
    assert server.down < 6 * 60_000


def test_a_file_that_changed_meanwhile_is_begun_anew(server: Server, tmp_path: Path, folder: Path) -> None:
    (folder / "big").write_bytes(BODY[::-1])
    server.line.cut_after = 60_000
    stopping = HttpFetcher(server.url, limits=SHORT, sleep=_stop)
    with pytest.raises(KeyboardInterrupt):
        stopping.obtain(server.url + "big", tmp_path / "got", length=len(BODY), sha256=SHA)
    (folder / "big").write_bytes(BODY)
    server.line.cut_after = None
    obtain(server, tmp_path / "got")
    assert len(server.requests) == 2


def test_without_etags_a_mixed_file_is_found_by_its_hash_and_fetched_whole(
    server: Server, tmp_path: Path, folder: Path
) -> None:
    server.line.etags = False
    (folder / "big").write_bytes(BODY[::-1])
    server.line.cut_after = 60_000
    stopping = HttpFetcher(server.url, limits=SHORT, sleep=_stop)
    with pytest.raises(KeyboardInterrupt):
        stopping.obtain(server.url + "big", tmp_path / "got", length=len(BODY), sha256=SHA)
    (folder / "big").write_bytes(BODY)
    server.line.cut_after = None
    obtain(server, tmp_path / "got")
    assert "range" not in server.requests[-1].headers


def test_a_damaged_file_is_refused_after_a_second_look_and_nothing_of_it_is_kept(
    server: Server, tmp_path: Path
) -> None:
    server.line.damage.add("/big")
    assert refused(server, tmp_path / "got") == "hash_differs"
    assert len(server.requests) == 2
    assert (tmp_path / "got.partial").stat().st_size == 0


def test_a_part_that_a_power_cut_damaged_on_disk_is_fetched_again(server: Server, tmp_path: Path) -> None:
    (tmp_path / "got.partial").write_bytes(bytes(50_000))
    obtain(server, tmp_path / "got")


@pytest.mark.parametrize(
    "page",
    [
        answer("200 OK", PORTAL, Content_Type="text/html; charset=utf-8"),
        answer("200 OK", PORTAL, Content_Type="application/octet-stream"),
        answer("200 OK", b"\r\n  " + PORTAL),
        answer("511 Network Authentication Required", PORTAL),
        answer("302 Found", Location="/login") + b"",
    ],
    ids=["html", "html without saying so", "html after blanks", "511", "redirect"],
)
def test_a_portal_page_is_called_a_portal_page(server: Server, tmp_path: Path, page: bytes) -> None:
    login = answer("200 OK", PORTAL, Content_Type="text/html")
    server.line.answer = lambda path, _headers: login if path == "/login" else page
    assert refused(server, tmp_path / "got") == "captive_portal"
    with (
        pytest.raises((Refusal, LineError), match="sign-in") as caught,
        fetcher(server).download_file(server.url + "small.json", 999),
    ):
        pass
    assert caught.value.code == "captive_portal"


@pytest.mark.parametrize(
    "page",
    [b"\xef\xbb\xbf" + PORTAL, b'<?xml version="1.0"?>' + PORTAL, b"<!-- wifi -->" + PORTAL, b"<script>go()</script>", b"Please sign in"],
    ids=["byte order mark", "xml", "comment", "script", "words"],
)  # fmt: skip
def test_what_comes_in_the_place_of_metadata_and_begins_like_a_page_is_a_page(server: Server, page: bytes) -> None:
    server.line.answer = lambda _path, _headers: answer("200 OK", page, Content_Type="text/plain")
    with pytest.raises(LineError) as caught, fetcher(server).download_file(server.url + "small.json", 10_000):
        pass
    assert caught.value.code == "captive_portal"
    assert "127.0.0.1" in caught.value.message


@pytest.mark.parametrize(("status", "who"), [("401 Unauthorized", "server"), ("407 Authenticate", "proxy")])
def test_who_wants_a_password_is_told(server: Server, tmp_path: Path, status: str, who: str) -> None:
    server.line.answer = lambda _path, _headers: answer(status)
    with pytest.raises(LineError, match=f"The {who} wants a name and a password") as caught:
        obtain(server, tmp_path / "got")
    assert caught.value.code == "sign_in"
    assert len(server.requests) == 1


def test_metadata_that_were_cut_off_are_asked_for_again_although_no_length_was_stated(server: Server) -> None:
    whole = b'{"signed": {}}\n'
    said = b"HTTP/1.0 200 OK\r\n\r\n" + whole
    times = iter([16, len(said) - 8, len(said) - 3, None])

    def old_server(_path: str, _headers: dict[str, str]) -> bytes:
        return said[: next(times)]

    server.line.answer = old_server
    with fetcher(server).download_file(server.url + "small.json", 1_000) as stream:
        assert stream.read() == whole


@pytest.mark.parametrize(
    "span", ["bytes 0-199999/200000", "bytes 40000-199999/200001", "bytes 40000-50000/200000", "bytes */200000", "x"]
)
def test_a_206_with_another_range_is_never_joined_to_what_is_here(server: Server, tmp_path: Path, span: str) -> None:
    def lie(_path: str, headers: dict[str, str]) -> bytes | None:
        return answer("206 Partial Content", b"x" * 1000, Content_Range=span) if "range" in headers else None

    server.line.answer, server.line.cut_after = lie, 40_200
    assert refused(server, tmp_path / "got") == "cannot_resume"
    server.line.cut_after = None
    obtain(server, tmp_path / "got")


def test_a_206_that_nobody_asked_for_is_refused(server: Server, tmp_path: Path) -> None:
    server.line.answer = lambda _path, _headers: answer("206 Partial Content", b"x", Content_Range="bytes 5-5/6")
    assert refused(server, tmp_path / "got") == "range_wrong"


@pytest.mark.parametrize("length", ["200001", "99999999999", "199999"])
def test_a_stated_length_that_is_not_the_signed_one_is_refused_before_the_body(
    server: Server, tmp_path: Path, length: str
) -> None:
    server.line.answer = lambda _path, _headers: answer("200 OK", BODY, Content_Length=length)
    assert refused(server, tmp_path / "got") == "length_differs"


def test_an_endless_body_is_cut_off_at_its_bound(server: Server, tmp_path: Path) -> None:
    endless = answer("200 OK", b"{" * 3_000_000, Content_Length="-")
    server.line.answer = lambda _path, _headers: endless
    found = fetcher(server)
    assert refused(server, tmp_path / "got") == "too_long"
    with pytest.raises((Refusal, LineError)) as caught, found.download_file(server.url + "small.json", 1_000):
        pass
    assert caught.value.code == "too_long"
    assert found.received <= 1_000


def test_a_body_that_trickles_is_given_up(server: Server, tmp_path: Path) -> None:
    server.line.rate, server.line.piece = 40, 4
    limits = Limits(connect=60, gap=60, head=60, window=0.6, least=2_000, tries=3, pause=0.001)
    started = time.monotonic()
    assert refused(server, tmp_path / "got", limits) == "too_slow"
    assert time.monotonic() - started < 60  # the whole would take an hour and more


def test_headers_that_trickle_are_given_up(server: Server, tmp_path: Path) -> None:
    server.line.rate, server.line.piece = 20, 2
    limits = Limits(connect=60, gap=60, head=0.3, tries=2, pause=0.001)
    started = time.monotonic()
    assert refused(server, tmp_path / "got", limits) == "line_down"
    assert time.monotonic() - started < 60  # the whole would take an hour and more


def test_a_server_that_says_nothing_is_given_up(server: Server, tmp_path: Path) -> None:
    server.line.delay = 3
    limits = Limits(connect=1, gap=0.2, tries=2, pause=0.001)
    assert refused(server, tmp_path / "got", limits) == "line_down"


def test_nobody_there_is_told_with_the_name_of_the_server(server: Server, tmp_path: Path) -> None:
    server.close()
    assert refused(server, tmp_path / "got") == "line_down"


def test_a_busy_server_is_asked_again_after_the_time_it_names(server: Server, tmp_path: Path) -> None:
    waits: list[float] = []
    replies = iter([answer("503 Busy", Retry_After="7"), answer("429 Slow", Retry_After="1"), None])
    server.line.answer = lambda _path, _headers: next(replies)
    patient = HttpFetcher(server.url, limits=Limits(pause=0.5), sleep=waits.append)
    patient.obtain(server.url + "big", tmp_path / "got", length=len(BODY), sha256=SHA)
    assert waits == [7.0, 1.0]


def test_pauses_grow_and_are_bounded(server: Server, tmp_path: Path) -> None:
    server.close()
    waits: list[float] = []
    found = HttpFetcher(server.url, limits=Limits(connect=1, tries=9), sleep=waits.append)
    with pytest.raises((Refusal, LineError)):
        found.obtain(server.url + "big", tmp_path / "got", length=1, sha256="")
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_missing_file_is_tufs_own_error(server: Server) -> None:
    with pytest.raises(DownloadHTTPError) as caught:
        fetcher(server).download_bytes(server.url + "9.root.json", 1000)
    assert caught.value.status_code == 404
    assert len(server.requests) == 1


def test_packed_bodies_are_refused(server: Server, tmp_path: Path) -> None:
    server.line.answer = lambda _path, _headers: answer("200 OK", BODY, Content_Encoding="gzip")
    assert refused(server, tmp_path / "got") == "encoded"
    packed = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"
    server.line.answer = lambda _path, _headers: packed
    assert refused(server, tmp_path / "got") == "encoded"
    assert server.requests[0].headers["accept-encoding"] == "identity"


def test_redirects_are_followed_a_few_times_and_never_off_the_web(server: Server, tmp_path: Path, folder: Path) -> None:
    server.line.answer = lambda path, _headers: answer("302 Found", Location="/big") if path == "/moved" else None
    (folder / "moved").write_bytes(b"")
    found = fetcher(server)
    found.obtain(server.url + "moved", tmp_path / "got", length=len(BODY), sha256=SHA)
    server.line.answer = lambda _path, _headers: answer("302 Found", Location="/round")
    assert refused(server, tmp_path / "other") == "redirected"
    for place in ("file:///etc/passwd", "http://[::1", "http://host:x/", "//"):
        server.line.answer = lambda _path, _headers, place=place: answer("302 Found", Location=place)
        assert refused(server, tmp_path / "other") == "redirected"


def test_the_proxy_of_the_environment_is_used(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    away = HttpFetcher("http://catalog.example/x/", limits=SHORT)
    with pytest.raises(DownloadHTTPError):
        away.download_bytes("http://catalog.example/x/big", 10)
    assert server.requests[0].path == "http://catalog.example/x/big"
    assert "proxy-authorization" not in server.requests[0].headers
    monkeypatch.setenv("http_proxy", server.url.replace("://", "://post%2012:s%40fe@"))
    away = HttpFetcher("http://catalog.example/x/", limits=SHORT)
    with pytest.raises(DownloadHTTPError):
        away.download_bytes("http://catalog.example/x/big", 10)
    told = server.requests[-1].headers["proxy-authorization"].removeprefix("Basic ")
    assert base64.b64decode(told) == b"post 12:s@fe"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    obtain(server, tmp_path / "got")


def test_progress_tells_bytes_and_what_it_raises_ends_the_fetch(server: Server, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    found = HttpFetcher(server.url, lambda *step: told.append(step), SHORT)
    found.obtain(server.url + "big", tmp_path / "got", length=len(BODY), sha256=SHA)
    assert told[-1] == ("big", len(BODY), len(BODY))
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)

    def stop(_what: str, done: int, _total: int) -> None:
        if done > 50_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        HttpFetcher(server.url, stop, SHORT).obtain(
            server.url + "big", tmp_path / "again", length=len(BODY), sha256=SHA
        )
    assert (tmp_path / "again.partial").stat().st_size > 50_000


def test_a_false_certificate_says_look_at_the_date(tmp_path: Path) -> None:

    with self_signed() as url, pytest.raises((Refusal, LineError)) as caught:
        HttpFetcher(url, limits=SHORT).obtain(url + "big", tmp_path / "got", length=1, sha256="")
    assert caught.value.code == "tls_refused"
    assert "date" in caught.value.hint


@pytest.mark.parametrize(
    "source", ["ftp://example/x", "http:///x", "file://other/x", "gopher://x", "http://[::1", "http://host:x/"]
)
def test_sources_that_are_none_of_ours_are_refused(source: str) -> None:
    with pytest.raises((Refusal, LineError)) as caught:
        fetcher_for(source)
    assert caught.value.code == "source_unknown"


def test_a_fetch_leaves_no_thread_and_no_socket_behind(server: Server, tmp_path: Path) -> None:
    obtain(server, tmp_path / "got")
    names = [thread.name for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    assert names == []
