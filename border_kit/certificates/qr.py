"""A certificate's text as a QR code: alphanumeric, level M, four modules of quiet zone (ISO/IEC 18004)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import qrcode
from qrcode.util import MODE_ALPHA_NUM, QRData

if TYPE_CHECKING:
    from PIL.Image import Image

BOX, QUIET = 8, 4
"""Pixels a module, and modules around the code."""


def image(text: str, box: int = BOX) -> Image:
    """The code in black and white."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=box, border=QUIET)
    code.add_data(QRData(text, mode=MODE_ALPHA_NUM))
    code.make()
    made: Image = code.make_image().get_image().convert("1")
    return made


def png(text: str) -> bytes:
    """The code as a PNG file."""
    stream = io.BytesIO()
    image(text).save(stream, "PNG", optimize=True)
    return stream.getvalue()
