"""Finding and reading QR codes on pictures: a quick look first, then everything that helps a damaged print.

The decoder is zxing-cpp, whose error correction gives the text or nothing. What is tried after the first look is a row of
`enhance.RETRIES`; what it brings against which damage is measured in benchmarks/results/certificates.md.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import zxingcpp

from border_kit.certificates import base45, enhance, pictures, status
from border_kit.certificates.profiles import PROFILES
from border_kit.certificates.refusal import RefusedError
from border_kit.errors import InputError
from border_kit.findings import Json

if TYPE_CHECKING:
    from PIL.Image import Image

NOTHING = InputError(
    "no_code",
    "No QR code can be read on this picture.",
    "Take the photo again: straight from above, the code filling a third of it, no shadow, no flash, lens wiped; or scan the "
    "page at 300 dpi; or type the licence number.",
)

MOST_PARTS = 5
"""Symbols that may be one text in parts: 24 orders are tried at most."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """One code: its text and bytes, the page it stands on, and the symbols it was joined from (1-based), if it was."""

    text: str
    content: bytes
    page: int = 1
    joined: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """As the contract names it."""
        found: dict[str, Json] = {"text": self.text, "bytes_hex": self.content.hex(), "page": self.page}
        return found | ({"joined": list(self.joined)} if self.joined else {})


def read(path: Path) -> tuple[Symbol, ...]:
    """Every code on the pictures of a file, page by page from top to bottom; none gives an empty answer.

    Raises:
        InputError: the file is no picture or PDF, or is beyond the bounds (see `pictures.opened`).
    """
    with pictures.opened(path) as found:
        symbols = [symbol for picture in found for symbol in _on(picture)]
    return _with_joined(tuple(dict.fromkeys(symbols)))


def _on(picture: pictures.Picture) -> list[Symbol]:
    """The codes of one picture: the working size finds what is large, the full size what is small."""
    seen = decode(picture.small, picture.page)
    large = None if seen and picture.drawn else picture.large()
    if large is not None:
        known = {symbol.content for symbol in seen}
        more = decode(large, picture.page, thorough=not seen)
        seen += [symbol for symbol in more if symbol.content not in known]
    looks = () if seen else _looks(picture.small, large)
    for image, binarizer in looks:
        seen = decode(image, picture.page, binarizer)
        if seen:
            break
    return seen


def _looks(small: Image, large: Image | None) -> Iterator[tuple[Image, str]]:
    """Everything else that is tried, in the order of what it brings."""
    retried = pictures.shrink(small, pictures.RETRIED)
    for change, binarizer in enhance.RETRIES:
        yield change(retried), binarizer
    if large is not None:
        for tile in _tiles(large):
            yield tile, "LocalAverage"


def _tiles(image: Image) -> Iterator[Image]:
    """Nine overlapping parts: a small code on a large page gets a threshold of its own."""
    width, height = image.width // 2, image.height // 2
    for row, column in itertools.product(range(3), repeat=2):
        left, top = column * width // 2, row * height // 2
        yield image.crop((left, top, left + width, top + height))


def decode(image: Image, page: int = 1, binarizer: str = "LocalAverage", *, thorough: bool = True) -> list[Symbol]:
    """The codes that one look at a grey picture gives, in reading order; `thorough` also looks at it inverted and smaller."""
    found = zxingcpp.read_barcodes(
        image,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        binarizer=getattr(zxingcpp.Binarizer, binarizer),
        text_mode=zxingcpp.TextMode.Plain,
        try_invert=thorough,
        try_downscale=thorough,
    )
    placed = sorted(found, key=lambda code: (code.position.top_left.y // 50, code.position.top_left.x))
    return [Symbol(code.text, bytes(code.bytes), page) for code in placed]


def _with_joined(symbols: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """Add the certificate that several symbols are parts of (structured append), where there is one.

    The decoder does not say which part a symbol is: the order is that in which the whole unpacks, which its checksum proves.
    """
    prefixes = tuple(profile.prefix for profile in PROFILES.values())
    heads = [at for at, symbol in enumerate(symbols) if symbol.text.startswith(prefixes) and not is_whole(symbol.text)]
    rest = [at for at, symbol in enumerate(symbols) if not symbol.text.startswith(prefixes)]
    if len(heads) != 1 or not 0 < len(rest) < MOST_PARTS:
        return symbols
    for count in range(len(rest), 0, -1):
        for order in itertools.permutations(rest, count):
            parts = [symbols[heads[0]], *(symbols[at] for at in order)]
            text = "".join(part.text for part in parts)
            if is_whole(text):
                content = b"".join(part.content for part in parts)
                return (*symbols, Symbol(text, content, parts[0].page, tuple(at + 1 for at in (heads[0], *order))))
    return symbols


def is_whole(text: str) -> bool:
    """Whether a certificate's text unpacks, checksum and all."""
    try:
        status.inflate(base45.decode(text[4:]), 65_536)
    except RefusedError:
        return False
    return True
