"""Photos, scans and PDF pages: what is read, what is shown of several codes, and every hostile picture with its reason."""

from __future__ import annotations

import io
import os
import random
import resource
import struct
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import qrcode
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from border_kit.certificates import qr, scan
from border_kit.desk import codes
from border_kit.errors import InputError
from tests.certificates.world import World, claims, text_of


@pytest.fixture(scope="module")
def text(world: World) -> str:
    return text_of(claims(), world.home)


@pytest.fixture(scope="module")
def code(text: str) -> Image.Image:
    return qr.image(text).convert("L")


def photo(code: Image.Image, width: int = 2000, height: int = 1500, side: int = 700) -> Image.Image:
    """A page with the code on it."""
    sheet = Image.new("L", (width, height), 225)
    ImageDraw.Draw(sheet).rectangle((50, 50, width - 50, 120), fill=90)
    sheet.paste(code.resize((side, side), Image.Resampling.BICUBIC), (width // 3, height // 4))
    return sheet


def saved(image: Image.Image, path: Path, **options: Any) -> Path:
    image.save(path, **options)
    return path


def texts(path: Path) -> list[str]:
    return [symbol.text for symbol in scan.read(path)]


WAYS: dict[str, tuple[str, Callable[[Image.Image], Image.Image], dict[str, Any]]] = {
    "PNG": ("p.png", lambda image: image, {}),
    "PNG of one bit": ("p.png", lambda image: image.convert("1"), {}),
    "PNG with a palette": ("p.png", lambda image: image.convert("P"), {}),
    "PNG of sixteen bits": ("p.png", lambda image: image.convert("I").point(lambda v: v * 256).convert("I;16"), {}),
    "PNG on nothing": ("p.png", lambda image: _transparent(image.copy()), {}),
    "JPEG": ("p.jpg", lambda image: image.convert("RGB"), {"quality": 60}),
    "JPEG, progressive": ("p.jpg", lambda image: image.convert("RGB"), {"quality": 60, "progressive": True}),
    "JPEG in CMYK": ("p.jpg", lambda image: image.convert("CMYK"), {"quality": 80}),
    "WebP": ("p.webp", lambda image: image.convert("RGB"), {"quality": 60}),
    "TIFF": ("p.tif", lambda image: image, {"compression": "tiff_lzw"}),
    "TIFF, Group 4": ("p.tif", lambda image: image.convert("1"), {"compression": "group4"}),
    "BMP": ("p.bmp", lambda image: image, {}),
    "GIF": ("p.gif", lambda image: image.convert("P"), {}),
    "rotated by a quarter": ("p.png", lambda image: image.rotate(90, expand=True), {}),
    "rotated by 33 degrees": ("p.png", lambda image: image.rotate(33, expand=True, fillcolor=128), {}),
    "upside down": ("p.png", lambda image: image.rotate(180), {}),
    "mirrored": ("p.png", ImageOps.mirror, {}),
    "inverted": ("p.png", ImageOps.invert, {}),
    "out of focus": ("p.png", lambda image: image.filter(ImageFilter.GaussianBlur(3)), {}),
    "faint": ("p.png", lambda image: image.point(lambda v: 200 + v // 8), {}),
    "larger than is looked at first": ("p.jpg", lambda image: image.resize((4000, 3000)), {"quality": 70}),
}  # fmt: skip


def _transparent(image: Image.Image) -> Image.Image:
    seen = Image.new("RGBA", image.size, (0, 0, 0, 0))
    seen.paste((0, 0, 0, 255), mask=ImageOps.invert(image).point(lambda value: 255 if value > 200 else 0))
    return seen


@pytest.mark.parametrize("name", WAYS)
def test_a_code_is_read_however_the_picture_was_taken_or_saved(
    name: str, code: Image.Image, text: str, tmp_path: Path
) -> None:
    file, change, options = WAYS[name]
    assert texts(saved(change(photo(code)), tmp_path / file, **options)) == [text]


def test_a_photo_turned_by_its_exif_mark_is_read(code: Image.Image, text: str, tmp_path: Path) -> None:
    image = photo(code)
    exif = Image.Exif()
    exif[0x0112] = 6
    assert texts(saved(image.rotate(90, expand=True), tmp_path / "p.jpg", exif=exif)) == [text]


def test_a_small_code_on_a_large_page_is_found_beside_a_large_one(text: str, tmp_path: Path) -> None:
    sheet = Image.new("L", (4000, 3000), 255)
    sheet.paste(qr.image(text, 12).convert("L"), (100, 100))
    sheet.paste(qr.image("SMALL 1", 2).convert("L"), (3500, 2500))
    assert set(texts(saved(sheet, tmp_path / "p.png"))) == {text, "SMALL 1"}


def test_several_codes_are_all_shown_and_none_is_picked(world: World, text: str, tmp_path: Path) -> None:
    other = text_of(claims(number="OTHER-1"), world.home)
    sheet = Image.new("L", (2200, 1000), 255)
    sheet.paste(qr.image(text).convert("L"), (20, 20))
    sheet.paste(qr.image(other).convert("L"), (1100, 20))
    path = saved(sheet, tmp_path / "two.png")
    assert texts(path) == [text, other]
    with pytest.raises(InputError) as refused:
        codes.one_of(codes.codes_of(path), "licence")
    assert refused.value.code == "several_codes"


def test_another_code_beside_the_certificate_does_not_hide_it(text: str, tmp_path: Path) -> None:
    sheet = Image.new("L", (2000, 1000), 255)
    sheet.paste(qr.image("HTTPS://EXAMPLE.ORG").convert("L"), (20, 20))
    sheet.paste(qr.image(text).convert("L"), (800, 20))
    assert codes.one_of(codes.codes_of(saved(sheet, tmp_path / "p.png")), "licence") == text


def test_a_certificate_in_parts_is_joined_in_whatever_order_they_lie(text: str, tmp_path: Path) -> None:
    cut = (text[:200], text[200:420], text[420:])
    sheet = Image.new("L", (2400, 800), 255)
    for place, part in enumerate((cut[2], cut[0], cut[1])):
        sheet.paste(qr.image(part).convert("L"), (20 + 780 * place, 20))
    found = scan.read(saved(sheet, tmp_path / "p.png"))
    assert len(found) == 4
    assert (found[3].text, found[3].joined) == (text, (2, 3, 1))
    assert codes.one_of(found, "licence") == text


def test_half_of_a_certificate_in_parts_is_not_taken_for_a_whole(text: str, tmp_path: Path) -> None:
    sheet = Image.new("L", (1600, 800), 255)
    sheet.paste(qr.image(text[:200]).convert("L"), (20, 20))
    sheet.paste(qr.image(text[420:]).convert("L"), (800, 20))
    assert len(scan.read(saved(sheet, tmp_path / "p.png"))) == 2


def _pdf(pages: list[Image.Image], path: Path) -> Path:
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return path


def test_every_page_of_a_pdf_and_of_a_tiff_is_read(code: Image.Image, text: str, tmp_path: Path) -> None:
    pages = [Image.new("L", (1654, 2339), 255), photo(code, 1654, 2339)]
    for path in (_pdf([page.copy() for page in pages], tmp_path / "p.pdf"), tmp_path / "p.tif"):
        if path.suffix == ".tif":
            pages[0].save(path, save_all=True, append_images=pages[1:], compression="tiff_lzw")
        found = scan.read(path)
        assert [(symbol.text, symbol.page) for symbol in found] == [(text, 2)]


def test_a_picture_without_a_code_gives_nothing_and_says_what_to_try(tmp_path: Path) -> None:
    path = saved(Image.effect_noise((600, 400), 60), tmp_path / "p.png")
    assert scan.read(path) == ()
    with pytest.raises(InputError) as refused:
        codes.one_of((), "licence")
    assert refused.value.code == "no_code"
    assert "300 dpi" in refused.value.hint


def test_bytes_that_are_no_text_come_as_they_are(tmp_path: Path) -> None:

    code = qrcode.QRCode()
    code.add_data(bytes(range(200, 256)))
    path = tmp_path / "p.png"
    code.make_image().save(path)
    assert [symbol.content for symbol in scan.read(path)] == [bytes(range(200, 256))]


# What is hostile


def _png(width: int, height: int, *, depth: int = 8, colour: int = 0, rows: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", rows or zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def _many_pages(count: int) -> bytes:
    """A PDF of so many empty pages."""
    kids = " ".join("3 0 R" for _ in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    return _document(objects)


def _document(objects: list[str], trailer: str = "") -> bytes:
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return out


def _animated(kind: str) -> bytes:
    stream = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), (shade, 0, 0)) for shade in (0, 120, 240)]
    frames[0].save(stream, kind, save_all=True, append_images=frames[1:], duration=100)
    return stream.getvalue()


_ENCRYPTED = (
    "/Encrypt << /Filter /Standard /V 1 /R 2 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> /P -4 >> /ID [<00><00>]"
)

HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("p.png", lambda: b"", "file_empty"),
    "no picture": ("p.png", lambda: b"hello, world" * 50, "not_an_image"),
    "SVG": ("p.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>" + b" " * 2000, "not_an_image"),
    "20,000 by 20,000": ("p.png", lambda: _png(20_000, 20_000), "image_too_large"),
    "2^31 wide": ("p.png", lambda: _png(2**31 - 1, 1), "image_too_large"),
    "bomb in colour": ("p.png", lambda: _png(8_000, 8_000, colour=2, rows=zlib.compress(bytes(8_000_000), 9)), "image_too_large"),
    "cut in the middle": ("p.jpg", lambda: _jpeg()[:3_000], "image_damaged"),
    "cut PNG": ("p.png", lambda: _png(500, 500)[:60], "image_damaged"),
    "animated GIF": ("p.gif", lambda: _animated("GIF"), "image_animated"),
    "animated PNG": ("p.png", lambda: _animated("PNG"), "image_animated"),
    "animated WebP": ("p.webp", lambda: _animated("WEBP"), "image_animated"),
    "10,000 pages": ("p.pdf", lambda: _many_pages(10_000), "too_many_pages"),
    "locked PDF": ("p.pdf", lambda: _document(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"], _ENCRYPTED), "pdf_encrypted"),
    "no PDF": ("p.pdf", lambda: b"%PDF-1.7\n" + b"x" * 500, "image_damaged"),
}  # fmt: skip


def _jpeg() -> bytes:
    stream = io.BytesIO()
    Image.effect_noise((800, 600), 90).save(stream, "JPEG")
    return stream.getvalue()


@pytest.mark.skipif(sys.platform == "win32", reason="resource is POSIX")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_is_refused_soon_and_in_little_memory(name: str, tmp_path: Path) -> None:
    file, make, code = HOSTILE[name]
    path = tmp_path / file
    path.write_bytes(make())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    with pytest.raises(InputError) as refused:
        scan.read(path)
    assert refused.value.code == code
    assert refused.value.hint
    assert time.process_time() - started < 0.5
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 64


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and device files are POSIX")
def test_pipes_devices_and_folders_are_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link.png").symlink_to("/dev/zero")
    (tmp_path / "pipe.png").symlink_to(tmp_path / "pipe")
    for name in ("pipe", "link.png", "pipe.png", ""):
        with pytest.raises(InputError) as refused:
            scan.read(tmp_path / name)
        assert refused.value.code == "file_special"
    with pytest.raises(InputError) as refused:
        scan.read(tmp_path / "none.png")
    assert refused.value.code == "file_missing"


def test_a_page_of_any_size_is_drawn_within_bounds(tmp_path: Path) -> None:
    huge = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 14400 14400] >>",
    ]
    path = tmp_path / "p.pdf"
    path.write_bytes(_document(huge))
    assert scan.read(path) == ()


def test_changed_bytes_of_a_picture_never_crash_it(code: Image.Image, tmp_path: Path) -> None:
    rng = random.Random(5)
    for kind in ("PNG", "JPEG", "WEBP", "TIFF", "PDF"):
        stream = io.BytesIO()
        code.resize((300, 300)).save(stream, kind)
        for number in range(6):
            content = bytearray(stream.getvalue())
            for _ in range(20):
                content[rng.randrange(len(content))] = rng.randrange(256)
            path = tmp_path / f"{kind}{number}"
            path.write_bytes(content)
            try:
                found = scan.read(path)
            except InputError:
                continue
            assert all(symbol.text.startswith("CL1:") for symbol in found)
