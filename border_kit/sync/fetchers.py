"""Fetching over HTTP on a line that is slow, cut, intercepted or hostile. The only module that opens sockets.

A cut connection looks like a clean end, so every body is held against its stated length; what is missing is asked for with a
Range (RFC 9110, section 14) as long as the server proves that the file is still the same one. Whatever comes is bounded.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from socket import SHUT_RDWR
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass, url2pathname

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from border_kit import __version__
from border_kit.sync import reply
from border_kit.sync.folders import FolderFetcher
from border_kit.sync.refusal import LineError, Refusal
from border_kit.sync.transfer import CHUNK, Fetcher, Part, Progress, no_progress
from border_kit.text import clean_line

Response = urllib3.response.BaseHTTPResponse


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient we are. A line of 9.6 kbit/s carries about 1,000 bytes a second; a call over HF radio a quarter of it.

    Seconds: `connect`, `gap` (nothing comes at all), `head` (until an answer's headers are complete), `window` (in which at
    least `least` bytes must come: a server that trickles is given up). `tries` without any progress, with a pause between that doubles from
    `pause` up to `longest_pause`; a cut that followed progress costs no try.
    """

    connect: float = 60.0
    gap: float = 90.0
    head: float = 120.0
    window: float = 120.0
    least: int = 8 * 1024
    tries: int = 6
    pause: float = 1.0
    longest_pause: float = 60.0
    redirects: int = 3


def fetcher_for(source: str, progress: Progress = no_progress, limits: Limits | None = None) -> Fetcher:
    """The fetcher of a source: `http://…`, `https://…`, `file://…`, or a folder. Raises Refusal when it can be none of these."""
    scheme = source.partition("://")[0].strip().casefold() if "://" in source else ""
    if scheme in ("http", "https"):
        return HttpFetcher(source, progress, limits or Limits())
    if scheme == "file":
        parts = urlsplit(source)
        if parts.netloc not in ("", "localhost"):
            raise LineError(
                "source_unknown", f"{clean_line(source, 200)} names another machine.", "Name a folder here."
            )
        return FolderFetcher(Path(url2pathname(parts.path)), progress)
    if scheme:
        raise LineError(
            "source_unknown", f"Nothing is fetched over {clean_line(scheme, 20)!r}.", "Use http, https or a folder."
        )
    return FolderFetcher(Path(unquote(source) if source.startswith("file:") else source), progress)


class HttpFetcher(Fetcher):
    """Fetches from a web server, an object store or a mirror, through the system's proxy where it has one."""

    def __init__(
        self,
        source: str,
        progress: Progress = no_progress,
        limits: Limits = Limits(),
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        """Fetch below an address; nothing is opened yet. `sleep` waits between tries and may raise to end them."""
        super().__init__(progress)
        self.base = source if source.endswith("/") else source + "/"
        if not _is_web(self.base):
            raise LineError("source_unknown", f"{clean_line(source, 200)} names no server.", "Check the address.")
        self._limits = limits
        self._sleep = sleep or self._rest
        self._pool = _pool(self.base, limits)
        self._pace = _Pace(limits)

    def _into(self, url: str, part: Part, most: int, *, exact: bool) -> None:
        asked = reply.Asked(url, most, exact)
        furthest, failures = part.at, 0
        while True:
            try:
                self._once(asked, part)
            except reply.CutError as cut:
                failures = 0 if part.at > furthest else failures + 1
                furthest = max(furthest, part.at)
                if failures >= self._limits.tries:
                    raise self._given_up(part, cut) from cut
                pause = self._limits.pause * 2 ** max(0, failures - 1)
                self._sleep(min(self._limits.longest_pause, max(cut.wait, pause)))
            else:
                return

    def _rest(self, seconds: float) -> None:
        """Wait before another try; whoever watches may end it meanwhile."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.progress("waiting for the line", 0, 0)
            time.sleep(min(left, 0.5))

    def _given_up(self, part: Part, cut: reply.CutError) -> LineError:
        why = clean_line(str(cut), 200)
        if part.dropped:
            return LineError(
                "cannot_resume",
                f"The line breaks before the whole file has come, and the server cannot go on where it broke ({why}).",
                "Pull from a server that answers Range requests, or from a stick.",
            )
        return LineError(
            "line_down",
            f"There is no way through to {urlsplit(self.base).hostname} ({why}).",
            "Check the line and the address, then pull again: it goes on where it stopped.",
        )

    def _once(self, asked: reply.Asked, part: Part) -> None:
        """One request. Raises CutError where another may help."""
        response = self._ask(asked.url, part)
        try:
            total = reply.accepted(response, part, asked)
            self._pour(response, part, asked, total)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise reply.CutError(_why(error)) from error
        finally:
            response.close()
        if total is not None and part.at < total:
            raise reply.CutError(f"the connection ended at {part.at} of {total} bytes")
        if total is None and not part.ends(b"}"):
            raise reply.CutError(f"the connection ended at {part.at} bytes, before the metadata did")

    def _ask(self, url: str, part: Part) -> Response:
        """Send the request and wait for the headers, following a few redirects."""
        headers = {"User-Agent": f"border-kit/{__version__}", "Accept-Encoding": "identity"}
        if part.at:
            headers["Range"] = f"bytes={part.at}-"
            if part.etag is not None:
                headers["If-Range"] = part.etag
        for _ in range(self._limits.redirects + 1):
            try:
                response = self._pool.request("GET", url, headers=headers, preload_content=False, redirect=False)
            except urllib3.exceptions.HTTPError as error:
                _refuse_tls(error)
                raise reply.CutError(_why(error)) from error
            place = response.get_redirect_location()
            if not place:
                return response
            response.close()
            url = _redirected(url, str(place))
        raise LineError("redirected", f"The server sends us on and on ({clean_line(url, 200)}).", "Check the address.")

    def _pour(self, response: Response, part: Part, asked: reply.Asked, total: int | None) -> None:
        """The body, as it comes; never more than was asked for."""
        began, name = part.at, unquote(asked.url.removeprefix(self.base))
        while True:
            started = time.monotonic()
            chunk = response.read1(CHUNK)
            self._pace.tell(time.monotonic() - started, len(chunk))
            if not chunk:
                return
            if part.at == began == 0 and reply.is_page(chunk, asked):
                raise reply.portal(asked)
            if part.at + len(chunk) > asked.most:
                part.drop()
                raise Refusal(
                    "too_long",
                    f"The server sends more than the {asked.most} bytes that were signed for.",
                    "Pull from another place, and tell the authority.",
                )
            part.write(chunk)
            self.received += len(chunk)
            self.progress(name, part.at, total or 0)


def _is_web(url: str) -> bool:
    """Whether an address is one of a web server, as far as it can be read."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _redirected(url: str, place: str) -> str:
    """Where a redirect leads; never from a protected line to an open one, never to anything but the web."""
    with suppress(ValueError):
        target = urljoin(url, place)
        if _is_web(target) and (urlsplit(url).scheme, urlsplit(target).scheme) != ("https", "http"):
            return target
    raise LineError(
        "redirected",
        f"The server sends us to {clean_line(place, 200)}.",
        "The network may want a sign-in: open a browser.",
    )


def _refuse_tls(error: Exception) -> None:
    """A certificate that is not accepted does not get better by asking again."""
    reason = getattr(error, "reason", error)
    while reason is not None and not isinstance(reason, ssl.SSLCertVerificationError):
        reason = reason.__cause__ or reason.__context__
    if reason is not None:
        raise LineError(
            "tls_refused",
            f"The server cannot prove who it is ({clean_line(reason.verify_message or str(reason), 200)}).",
            "Look at this machine's date first: with a wrong clock every server looks false. A portal or proxy may stand between.",
        ) from error


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return clean_line(f"{type(reason).__name__}: {reason}", 200)


class _Pace:
    """Whether enough comes: a server that sends a byte now and then is given up, a slow line never."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._seconds = 0.0
        self._bytes = 0

    def tell(self, seconds: float, count: int) -> None:
        """So many bytes came in so many seconds of waiting. Raises Refusal."""
        self._seconds += seconds
        self._bytes += count
        if self._bytes >= self._limits.least:
            self._seconds, self._bytes = 0.0, 0
        elif self._seconds > self._limits.window:
            raise LineError(
                "too_slow",
                f"Only {self._bytes} bytes came in {self._seconds:.0f} seconds.",
                "Pull again on a better line, or from another place: it goes on where it stopped.",
            )


class _HeadInTime:
    """Mixed into a connection: an answer whose headers do not end in time is cut off (each byte alone would reset the gap)."""

    head: float
    sock: Any

    def getresponse(self) -> Any:
        """The answer, in time."""
        timer = threading.Timer(self.head, partial(_shut, self.sock))
        timer.daemon = True
        timer.start()
        try:
            return super().getresponse()  # type: ignore[misc]  # of the connection that this is mixed into
        finally:
            timer.cancel()


def _shut(sock: Any) -> None:
    with suppress(OSError):
        sock.shutdown(SHUT_RDWR)


class _Http(_HeadInTime, HTTPConnection):
    """An open connection."""


class _Https(_HeadInTime, HTTPSConnection):
    """A protected connection."""


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


def _pool(base: str, limits: Limits) -> urllib3.PoolManager:
    """Connections by way of the proxy that the environment or the system names for this address."""
    parts = urlsplit(base)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    _HeadInTime.head = limits.head
    options: dict[str, Any] = {
        "timeout": urllib3.Timeout(connect=limits.connect, read=limits.gap),
        "retries": False,
        "maxsize": 1,
    }
    if proxy and not proxy_bypass(parts.hostname or ""):
        if "://" not in proxy:
            proxy = f"http://{proxy}"
        who = urllib3.util.parse_url(proxy).auth
        signed_in = urllib3.make_headers(proxy_basic_auth=unquote(who)) if who else None
        pool: urllib3.PoolManager = urllib3.ProxyManager(proxy, proxy_headers=signed_in, **options)
    else:
        pool = urllib3.PoolManager(**options)
    pool.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
    return pool
