"""What is done to a picture on which no code was found: each change undoes one kind of damage.

The order is that of what each brought on 360 damaged prints beyond those before it (benchmarks/results/certificates.md); the
decoder's own error correction sees to it that nothing wrong is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PIL import Image as Images
from PIL import ImageFilter, ImageMath, ImageOps

if TYPE_CHECKING:
    from PIL.Image import Image


def _thicken(image: Image) -> Image:
    """Low ink, white stripes, grain: the darkest of each neighbourhood, then smooth."""
    return image.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.GaussianBlur(1.5))


def _flatten(image: Image) -> Image:
    """Shadow, stains, half-tone: the picture over its own brightest surroundings, then smooth."""
    small = image.resize((max(1, image.width // 8), max(1, image.height // 8)), Images.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(5)).resize(image.size)
    even = ImageMath.lambda_eval(
        lambda one: one["convert"](one["min"](one["seen"] * 255 / (one["paper"] + 1), 255), "L"),
        seen=image,
        paper=paper,
    )
    assert isinstance(even, Images.Image)  # of pictures a picture
    return even.filter(ImageFilter.GaussianBlur(2))


def _smooth(radius: float) -> Callable[[Image], Image]:
    """Half-tone dots and grain."""

    def change(image: Image) -> Image:

        return image.filter(ImageFilter.GaussianBlur(radius))

    return change


def _sharpen(radius: float, percent: int, factor: int) -> Callable[[Image], Image]:
    """Out of focus, moved, or small: larger first, then what blur took away."""

    def change(image: Image) -> Image:

        large = image
        if factor > 1 and image.width * image.height * factor * factor <= _MOST:
            large = image.resize((image.width * factor, image.height * factor), Images.Resampling.LANCZOS)
        return large.filter(ImageFilter.UnsharpMask(radius, percent, 0))

    return change


def _halve(image: Image) -> Image:
    """Fine texture: averaged away."""
    return image.resize((max(1, image.width // 2), max(1, image.height // 2)), Images.Resampling.BOX)


def _stretch(image: Image) -> Image:
    """Faint: the whole range of grey."""
    return ImageOps.autocontrast(image, cutoff=2)


_MOST = 20_000_000
"""Pixels of a picture that was made larger."""

RETRIES: tuple[tuple[Callable[[Image], Image], str], ...] = (
    (_thicken, "LocalAverage"),
    (_flatten, "GlobalHistogram"),
    (_flatten, "LocalAverage"),
    (_sharpen(8, 400, 2), "LocalAverage"),
    (_smooth(3), "LocalAverage"),
    (_smooth(3), "GlobalHistogram"),
    (_stretch, "FixedThreshold"),
    (_smooth(2), "LocalAverage"),
    (_sharpen(4, 300, 2), "LocalAverage"),
    (_sharpen(6, 400, 1), "LocalAverage"),
    (_halve, "LocalAverage"),
    (_stretch, "GlobalHistogram"),
)  # fmt: skip
"""Each with how grey becomes black and white afterwards (zxing-cpp's binarizers)."""
