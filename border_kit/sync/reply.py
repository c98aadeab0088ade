"""What a server's answer is worth: the file that was asked for, a later part of it, a portal's page, something to ask again for.

It is told from status and headers (RFC 9110) and the first bytes; nothing here opens a connection.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from tuf.api.exceptions import DownloadHTTPError

from border_kit.sync.refusal import LineError, Refusal
from border_kit.sync.transfer import CHUNK, Part
from border_kit.text import clean_line, whole_number


class Response(Protocol):
    """An answer whose headers have come."""

    status: int

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by name in any case."""
        ...

    def read1(self, amt: int) -> bytes:
        """What has come of the body, at most so much."""
        ...


class CutError(Exception):
    """The line broke, or the server asks to come again after `wait` seconds."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Asked:
    """What is fetched: at most `most` bytes (`exact`: just as many; else it is metadata, JSON)."""

    url: str
    most: int
    exact: bool


def accepted(response: Response, part: Part, asked: Asked) -> int | None:
    """Whether the answer is what was asked for; the file's whole length, where it is stated. Drops what does not belong to it."""
    _expect_data(response, part, asked)
    if response.status == 206:  # RFC 9110, section 15.3.7
        total = _resumed(response, part)
    else:
        part.drop()
        part.is_of(_strong(response.headers.get("ETag")))
        total = _number(response.headers.get("Content-Length"))
    if total is not None and (total > asked.most or (asked.exact and total != asked.most)):
        part.drop()
        if is_page(response.read1(CHUNK), asked):
            raise portal(asked)
        raise Refusal(
            "length_differs",
            f"The server has {total} bytes, where {'' if asked.exact else 'at most '}{asked.most} were signed for.",
            "Pull again later: the place may be half updated. If it stays so, tell the authority.",
        )
    return asked.most if asked.exact else total


def _expect_data(response: Response, part: Part, asked: Asked) -> None:
    """Refuse an answer that is no data, by its status (RFC 9110, RFC 6585) and headers; raise CutError where it may be asked again."""
    status, headers = response.status, response.headers
    if status == 511 or (status < 400 and "html" in headers.get("Content-Type", "").lower()):
        raise portal(asked)
    if status == 416:  # what is here is not the beginning of what is there
        part.drop()
        raise CutError("the server has no more of this file than is here already")
    if status in (408, 425, 429) or status >= 500:
        raise CutError(f"the server answers {status}", _retry_after(response))
    if status in (401, 407):
        raise LineError(
            "sign_in",
            f"The {'server' if status == 401 else 'proxy'} wants a name and a password (it answers {status}).",
            "A proxy's go into HTTP_PROXY or HTTPS_PROXY, as in http://NAME:PASSWORD@proxy:3128; a server must let everybody read.",
        )
    if status >= 400:
        raise DownloadHTTPError(f"the server answers {status}", status)
    if status not in (200, 206):
        raise LineError("answer_odd", f"The server answers {status}.", "Check the address.")
    if any(headers.get(name, plain).lower() != plain for name, plain in _AS_IT_IS.items()):
        raise LineError(
            "encoded",
            "The server or a proxy packs the data on the way.",
            "Have it send files as they are, or use a stick.",
        )


_AS_IT_IS = {"Content-Encoding": "identity", "Transfer-Encoding": "chunked"}
"""Headers, and the one value that each may have: the bytes of a file are signed as they lie there."""


def _resumed(response: Response, part: Part) -> int | None:
    """The length that a Content-Range states, if it goes on exactly where we are and says nothing of another state."""
    if part.at == 0:
        raise Refusal(
            "range_wrong", "The server sends a part of a file where the whole was asked for.", "Check the address."
        )
    span, _, total = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
    first, _, last = span.partition("-")
    etag = _strong(response.headers.get("ETag"))
    changed = part.etag is not None and etag is not None and etag != part.etag
    whole = _number(total)
    if changed or _number(first) != part.at or whole is None or _number(last) != whole - 1:
        part.drop()
        raise CutError("the server sends another part of the file than was asked for")
    return whole


def _number(text: str | None) -> int | None:
    return whole_number((text or "").strip(), 15)  # petabytes


def _strong(etag: str | None) -> str | None:
    """An ETag that proves equality of every byte (RFC 9110, section 8.8.1); None for a weak one, or one that is no header of ours."""
    is_short = etag is not None and len(etag) < 200
    return etag if etag and is_short and etag.startswith('"') and etag.isascii() and etag.isprintable() else None


def _retry_after(response: Response) -> float:
    return float(_number(response.headers.get("Retry-After")) or 0)


def is_page(chunk: bytes, asked: Asked) -> bool:
    """Whether a body is a page. Metadata begin with a brace, where a page has a tag or words; a packed file may begin with any byte."""
    start = chunk.removeprefix(codecs.BOM_UTF8).lstrip()[:9].lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        return True
    return not asked.exact and (start[:1] == b"<" or start[:1].isalpha())


def portal(asked: Asked) -> LineError:
    """That a network stands between us and the server, and wants a sign-in."""
    return LineError(
        "captive_portal",
        f"A page came where data of {clean_line(urlsplit(asked.url).hostname or '', 100)} were asked for: "
        "the network wants a sign-in first, or the address is wrong.",
        "Open a browser and sign in to the network, then pull again; or pull from a stick.",
    )
