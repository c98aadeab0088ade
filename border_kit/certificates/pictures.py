"""Photos, scans and PDF pages as grey pictures, within bounds: what is foreign is measured before it is unpacked.

Nothing is read whole into memory, nothing but a regular file is opened (no pipe, no device, however linked).
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from border_kit.errors import InputError
from border_kit.text import clean_line

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

MAX_FILE = 128_000_000
"""Bytes of a file; a scan of a page at 600 dpi in colour, uncompressed, has 105 million."""

MAX_UNPACKED = 50_000_000
"""Bytes of an unpacked picture that must be unpacked whole: 16 megapixels in colour, 50 in grey."""

MAX_JPEG = 200_000_000
"""Pixels of a JPEG, which unpacks at an eighth, a quarter or half of its size; phones make up to 200 megapixels."""
MAX_PROGRESSIVE = 24_000_000
"""Pixels of a JPEG that must be unpacked whole before it can be made smaller (progressive, or CMYK)."""

MAX_PAGES = 50
"""Pages of a PDF or a multi-page TIFF."""

WORKING = 4_000_000
"""Pixels of the first look: a code that fills a third of a photo has ten pixels a module at that size."""

RETRIED = 2_000_000
"""Pixels of a picture that is changed and looked at again."""

FULL = 16_000_000
"""Pixels of the second look."""

PDF_DPI = 200
"""Dots per inch of a page's first look: a code printed 4 cm wide has three pixels a module."""

_DAMAGE = (
    OSError, ValueError, SyntaxError, OverflowError, MemoryError, EOFError, TypeError, KeyError, IndexError, AttributeError,
    ZeroDivisionError, struct.error,
)  # fmt: skip
"""What Pillow's readers raise on damaged data."""

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture to look for codes in. `page` counts from 1.

    `small` is it at working size, `large` gives it at full size while the file is open (None: it was that already). `drawn`
    marks the page of a PDF, on which nothing is too small to be seen at working size.
    """

    page: int
    small: Image
    large: Callable[[], Image | None]
    drawn: bool = False


@contextmanager
def opened(path: Path) -> Iterator[Iterator[Picture]]:
    """The pictures of a file, one after the other, while it is open.

    Raises:
        InputError: it is no picture or PDF, is damaged, encrypted or animated, or larger than the bounds.
    """
    with _regular(path) as stream:
        head = stream.read(1024)
        stream.seek(0)
        if not head:
            raise InputError("file_empty", f"{_name(path)} is empty.", "Take the photo or scan again.")
        yield _pdf(path, stream) if b"%PDF-" in head else _pictures(path, stream)


@contextmanager
def _regular(path: Path) -> Iterator[BinaryIO]:
    """A regular file for reading; what it is, is asked of the open file, so that nobody can swap it meanwhile."""
    if not path.is_file():
        _refuse_special(path)
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as stream:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            _refuse_special(path)
        if found.st_size > MAX_FILE:
            raise InputError(
                "file_too_large",
                f"{_name(path)} is larger than {MAX_FILE // 1_000_000} MB.",
                "Save it as a JPEG or at 300 dpi.",
            )
        yield stream


def _refuse_special(path: Path) -> None:
    if not path.exists():
        raise InputError("file_missing", f"{_name(path)} is not there.", "Check the path.")
    raise InputError(
        "file_special", f"{_name(path)} is no file, but a folder, pipe or device.", "Name a photo, scan or PDF."
    )


def _name(path: Path) -> str:
    return clean_line(path.name, 120) or clean_line(str(path), 120)


# Photos and scans


def _pictures(path: Path, stream: BinaryIO) -> Iterator[Picture]:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - loads when a picture is read

    Image.MAX_IMAGE_PIXELS = None  # our own bounds come first, for every kind of picture
    try:
        image = Image.open(stream, formats=_FORMATS)
    except UnidentifiedImageError as error:
        raise InputError(
            "not_an_image",
            f"{_name(path)} is no picture or PDF that can be read.",
            "Save it as JPEG, PNG, TIFF or PDF.",
        ) from error
    except _DAMAGE as error:
        raise _damaged(path, error) from error
    frames = _frames(path, image)
    for page in range(frames):
        try:
            if page:
                image.seek(page)
            _bounded(path, image)
            source = _ImageSource(path, stream, image, page)
            small = source.grey(WORKING)
        except _DAMAGE as error:
            raise _damaged(path, error) from error
        yield Picture(page + 1, small, source.large)


def _frames(path: Path, image: Image) -> int:
    """How many pictures to look at: the pages of a TIFF; an animation is refused, since its code may change."""
    try:
        count = int(getattr(image, "n_frames", 1))
    except _DAMAGE as error:
        raise _damaged(path, error) from error
    if count > 1 and image.format != "TIFF":
        raise InputError(
            "image_animated", f"{_name(path)} is a moving picture.", "Save the one picture that shows the code."
        )
    if count > MAX_PAGES:
        raise _too_many_pages(path, count)
    return count


def _bounded(path: Path, image: Image) -> None:
    """Refuse a picture by what its head says, before anything of it is unpacked."""
    pixels = image.width * image.height
    whole = image.format != "JPEG"
    if whole:
        too_large = (
            pixels * len(image.getbands()) * (2 if image.mode in ("I;16", "I;16B", "I;16L") else 1) > MAX_UNPACKED
        )
        too_large = too_large or (image.mode in ("I", "F") and pixels * 4 > MAX_UNPACKED)
    else:
        needs_all = bool(image.info.get("progressive")) or image.mode == "CMYK"
        too_large = pixels > (MAX_PROGRESSIVE if needs_all else MAX_JPEG)
    if too_large:
        raise InputError(
            "image_too_large",
            f"{_name(path)} has {image.width} × {image.height} pixels, more than a photo or scan needs.",
            "Crop it to the code, or save it as a JPEG or at 300 dpi.",
        )


def _damaged(path: Path, error: BaseException) -> InputError:
    return InputError(
        "image_damaged",
        f"{_name(path)} cannot be unpacked ({clean_line(str(error), 120) or type(error).__name__}).",
        "Take or save the picture again.",
    )


class _ImageSource:
    """A picture file that is open."""

    def __init__(self, path: Path, stream: BinaryIO, image: Image, page: int) -> None:
        self._path = path
        self._stream = stream
        self._image = image
        self._page = page
        self._pixels = image.width * image.height

    def grey(self, most: int) -> Image:
        """The picture in grey with at most about so many pixels; a JPEG is unpacked at that size at once."""
        image = self._image
        if image.format == "JPEG" and image.mode != "CMYK":
            scale = 1
            while self._pixels / (scale * scale) > most and scale < 8:  # libjpeg scales down to an eighth
                scale *= 2
            image.draft("L", (max(1, image.width // scale), max(1, image.height // scale)))
        self._shown = shrink(_as_grey(image), most)
        return self._shown

    def large(self) -> Image | None:
        """The picture in grey at full size, None where it was that already."""
        from PIL import Image as Images  # noqa: PLC0415 - loaded already

        if self._shown.width * self._shown.height >= self._pixels:
            return None
        try:
            if self._image.format == "JPEG":  # draft is for a picture that was not unpacked yet
                self._stream.seek(0)
                self._image = Images.open(self._stream, formats=_FORMATS)
            return self.grey(FULL)
        except _DAMAGE as error:
            raise _damaged(self._path, error) from error


def _as_grey(image: Image) -> Image:
    """Grey on white, from any mode: transparency becomes paper, sixteen bits become eight."""
    from PIL import Image as Images  # noqa: PLC0415 - loaded already

    if image.mode == "L":
        return image.copy()
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        seen = image.convert("RGBA")
        paper = Images.new("L", seen.size, 255)
        paper.paste(seen.convert("L"), mask=seen.getchannel("A"))
        return paper
    if image.mode.startswith("I;16"):
        return (
            image.point(lambda value: value / 256).convert("L")
            if image.mode == "I;16"
            else image.convert("I").point(lambda value: value / 256).convert("L")
        )
    if image.mode in ("I", "F"):
        low, high = image.getextrema()
        assert isinstance(low, int | float)  # one band
        assert isinstance(high, int | float)  # the same
        span = max(float(high) - float(low), 1e-9)
        return image.point(lambda value: value * (255 / span) + (-float(low) * 255 / span)).convert("L")
    return image.convert("L")


def shrink(image: Image, most: int) -> Image:
    """A grey picture of at most so many pixels, averaged down."""
    from PIL import Image as Images  # noqa: PLC0415 - loaded already

    pixels = image.width * image.height
    if pixels <= most * 1.3:
        return image
    factor = (most / pixels) ** 0.5
    return image.resize(
        (max(1, int(image.width * factor)), max(1, int(image.height * factor))), Images.Resampling.BOX, reducing_gap=2.0
    )


# PDF


def _render(path: Path, page: pypdfium2.PdfPage, dpi: int, most: int) -> Image:
    """A page in grey at a resolution, with fewer dots where it were more than `most` pixels."""
    import pypdfium2  # noqa: PLC0415 - loaded already

    width, height = page.get_size()
    scale = dpi / 72
    pixels = max(1.0, width * height * scale * scale)
    if pixels > most:
        scale *= (most / pixels) ** 0.5
    try:
        drawn: Image = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil()
        return drawn.convert("L")
    except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
        raise _damaged(path, error) from error


def _pdf(path: Path, stream: BinaryIO) -> Iterator[Picture]:
    import pypdfium2  # noqa: PLC0415 - loads when a PDF is read

    try:
        document = pypdfium2.PdfDocument(stream, autoclose=False)
    except pypdfium2.PdfiumError as error:
        words = str(error).casefold()
        if "password" in words or "security" in words:
            raise InputError(
                "pdf_encrypted", f"{_name(path)} is locked with a password.", "Ask for the paper, or print it unlocked."
            ) from error
        raise _damaged(path, error) from error
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise _too_many_pages(path, count)
        for number in range(count):
            try:
                page = document[number]
            except pypdfium2.PdfiumError as error:
                raise _damaged(path, error) from error
            large = partial(_render, path, page, 2 * PDF_DPI, FULL)
            yield Picture(number + 1, _render(path, page, PDF_DPI, WORKING), large, drawn=True)
            page.close()
    finally:
        document.close()


def _too_many_pages(path: Path, count: int) -> InputError:
    return InputError(
        "too_many_pages",
        f"{_name(path)} has {count} pages; at most {MAX_PAGES} are looked at.",
        "Save the page that shows the code as a file of its own.",
    )
