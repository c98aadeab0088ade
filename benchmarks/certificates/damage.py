"""Damaged prints and photos of QR codes, made from a seed: nine kinds, each from light to hopeless.

Every picture is a page as a phone or scanner would show it: paper with text around the code, the code at a random place and size,
then one kind of damage at a strength drawn between 0 (light) and 1 (beyond reading).
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable

import qrcode
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter
from qrcode.util import MODE_ALPHA_NUM, QRData

PAGE = (1400, 1000)


def symbol(text: str, box: int, border: int = 4) -> Image.Image:
    """A QR code at level M as issuing makes it."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=box, border=border)
    code.add_data(QRData(text, mode=MODE_ALPHA_NUM))
    code.make()
    made: Image.Image = code.make_image().get_image().convert("L")
    return made


def page(text: str, rng: random.Random) -> Image.Image:
    """Paper with lines of print and the code on it."""
    sheet = Image.new("L", PAGE, rng.randint(225, 255))
    draw = ImageDraw.Draw(sheet)
    for row in range(40, PAGE[1] - 40, 26):
        draw.line((40, row, rng.randint(200, PAGE[0] - 40), row), fill=rng.randint(40, 120), width=rng.randint(2, 7))
    code = symbol(text, 8)
    side = rng.randint(520, 860)
    code = code.resize((side, side), Image.Resampling.BICUBIC)
    sheet.paste(code, (rng.randint(20, PAGE[0] - side - 20), rng.randint(20, PAGE[1] - side - 20)))
    return sheet


def blur(image: Image.Image, strength: float, rng: random.Random) -> Image.Image:
    """Out of focus, or moved while the picture was taken."""
    if rng.random() < 0.5:
        return image.filter(ImageFilter.GaussianBlur(1 + 5 * strength))
    length = int(2 + 14 * strength)
    angle = rng.uniform(0, 180)
    steps = [
        ImageChops.offset(image, int(at * math.cos(math.radians(angle))), int(at * math.sin(math.radians(angle))))
        for at in range(-length // 2, length // 2 + 1)
    ]
    mixed = steps[0]
    for count, step in enumerate(steps[1:], 2):
        mixed = Image.blend(mixed, step, 1 / count)
    return mixed


def noise(image: Image.Image, strength: float, rng: random.Random) -> Image.Image:
    """A dark warehouse: little contrast, much grain."""
    dim = ImageEnhance.Contrast(image).enhance(0.9 - 0.6 * strength)
    grain = _grain(image.size, 20 + 130 * strength, rng)
    return ImageChops.add(dim, grain, scale=1, offset=-128)


def _grain(size: tuple[int, int], sigma: float, rng: random.Random) -> Image.Image:
    small = 256
    tile = Image.new("L", (small, small))
    tile.putdata([max(0, min(255, int(rng.gauss(128, sigma)))) for _ in range(small * small)])
    full = Image.new("L", size)
    for x in range(0, size[0], small):
        for y in range(0, size[1], small):
            full.paste(tile.rotate(90 * rng.randint(0, 3)), (x, y))
    return full


def rotation(image: Image.Image, strength: float, rng: random.Random) -> Image.Image:
    """Held anyhow, the code small in the picture."""
    turned = image.rotate(rng.uniform(0, 360), expand=True, fillcolor=60, resample=Image.Resampling.BICUBIC)
    factor = 0.95 - 0.72 * strength
    return turned.resize((int(turned.width * factor), int(turned.height * factor)), Image.Resampling.BICUBIC)


def perspective(image: Image.Image, strength: float, rng: random.Random) -> Image.Image:
    """Taken from the side."""
    width, height = image.size
    pull = 0.1 + 0.75 * strength
    corners = [(0, 0), (0, height), (width, height), (width, 0)]
    moved = [
        (
            x + rng.uniform(0.3, 1) * pull * width / 2 * (1 if x == 0 else -1),
            y + rng.uniform(0.3, 1) * pull * height / 2 * (1 if y == 0 else -1),
        )
        for x, y in corners
    ]
    return image.transform(
        image.size, Image.Transform.PERSPECTIVE, _homography(moved, corners), Image.Resampling.BICUBIC, fillcolor=70
    )


def _homography(to: list[tuple[float, float]], source: list[tuple[float, float]]) -> list[float]:
    """The eight coefficients that map output points to input points (Gaussian elimination)."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(to, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for at in range(8):
        pivot = max(range(at, 8), key=lambda row: abs(rows[row][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(8):
            if other != at:
                rows[other] = [
                    value - rows[other][at] * base for value, base in zip(rows[other], rows[at], strict=True)
                ]
    return [row[8] for row in rows]


def shadow(image: Image.Image, strength: float, rng: random.Random) -> Image.Image:
    """A hand between lamp and paper: hard edge, deep dark, a gradient over all."""
    mask = Image.new("L", image.size, 255)
    draw = ImageDraw.Draw(mask)
    x = rng.randint(0, image.width)
    dark = int(255 * (0.45 - 0.4 * strength))
    draw.polygon(
        [(x, 0), (image.width, 0), (image.width, image.height), (rng.randint(0, image.width), image.height)], fill=dark
    )
    mask = mask.filter(ImageFilter.GaussianBlur(rng.choice((1, 8, 40))))
    ramp = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize(image.size)
    ramp = ramp.point([int(255 - (255 - value) * 0.7 * strength) for value in range(256)])
    shaded = ImageChops.multiply(ImageChops.multiply(image, mask), ramp)
    return ImageChops.add(shaded, _grain(image.size, 4 + 8 * strength, rng), scale=1, offset=-128)


def low_ink(image: Image.Image, strength: float, rng: random.Random) -> Image.Image:
    """A worn ribbon or empty cartridge: grey modules, white stripes along the print, specks."""
    level = int(60 + 165 * strength)
    pale = image.point([level + value * (255 - level) // 255 for value in range(256)])
    draw = ImageDraw.Draw(pale)
    for _ in range(int(6 + 40 * strength)):
        y = rng.randint(0, image.height)
        draw.line((0, y, image.width, y), fill=245, width=rng.randint(1, 2 + int(2 * strength)))
    for _ in range(int(3000 * strength)):
        draw.point((rng.randint(0, image.width - 1), rng.randint(0, image.height - 1)), fill=250)
    return ImageChops.add(pale, _grain(image.size, 5, rng), scale=1, offset=-128)


def half_tone(image: Image.Image, strength: float, rng: random.Random) -> Image.Image:
    """Printed by dots: the code scanned as grey and printed again."""
    cell = int(3 + 6 * strength)
    grey = ImageEnhance.Contrast(image.filter(ImageFilter.GaussianBlur(0.5 + strength))).enhance(0.75 - 0.4 * strength)
    screen = Image.new("L", image.size)
    tile = Image.new("L", (cell, cell))
    tile.putdata(
        [
            int(255 * (0.5 + 0.25 * (math.cos(2 * math.pi * x / cell) + math.cos(2 * math.pi * y / cell))))
            for y in range(cell)
            for x in range(cell)
        ]
    )
    for x in range(0, image.width, cell):
        for y in range(0, image.height, cell):
            screen.paste(tile, (x, y))
    screen = screen.rotate(rng.uniform(0, 45), resample=Image.Resampling.BICUBIC, fillcolor=128)
    dots = ImageChops.subtract(grey, screen, scale=1, offset=128).point([0] * 128 + [255] * 128)
    return dots.filter(ImageFilter.GaussianBlur(0.8))


def phone_jpeg(image: Image.Image, strength: float, rng: random.Random) -> Image.Image:
    """Sent on by a messenger: made small, pressed hard, twice."""
    factor = 0.8 - 0.5 * strength
    small = image.resize((int(image.width * factor), int(image.height * factor)), Image.Resampling.BILINEAR)
    for _ in range(2):
        stream = io.BytesIO()
        small.save(stream, "JPEG", quality=int(40 - 34 * strength) + rng.randint(0, 4))
        small = Image.open(stream).convert("L")
    return small


def creases(image: Image.Image, strength: float, rng: random.Random) -> Image.Image:
    """Folded and carried in a pocket: white cracks with shadow, bent halves, a stain."""
    worn = image.copy()
    for _ in range(int(1 + 5 * strength)):
        draw = ImageDraw.Draw(worn)
        vertical = rng.random() < 0.5
        at = rng.randint(0, image.width if vertical else image.height)
        end = at + rng.randint(-60, 60)
        width = int(2 + 10 * strength)
        line = [(at, 0), (end, image.height)] if vertical else [(0, at), (image.width, end)]
        draw.line(line, fill=240, width=width)
        draw.line([(x + width, y + width) for x, y in line], fill=110, width=max(1, width // 2))
        shift = int(rng.uniform(-6, 6) * strength)
        box = (at, 0, image.width, image.height) if vertical else (0, at, image.width, image.height)
        if 0 < at < (image.width if vertical else image.height):
            worn.paste(ImageChops.offset(worn, 0 if vertical else shift, shift if vertical else 0).crop(box), box[:2])
    stain = Image.new("L", image.size, 255)
    ImageDraw.Draw(stain).ellipse(
        [rng.randint(0, 900), rng.randint(0, 600), rng.randint(901, 1400), rng.randint(601, 1000)],
        fill=int(220 - 120 * strength),
    )
    return ImageChops.multiply(worn, stain.filter(ImageFilter.GaussianBlur(20)))


Damage = Callable[[Image.Image, float, random.Random], Image.Image]
KINDS: dict[str, Damage] = {
    "blur": blur,
    "noise": noise,
    "rotation": rotation,
    "perspective": perspective,
    "shadow": shadow,
    "low ink": low_ink,
    "half-tone": half_tone,
    "phone JPEG": phone_jpeg,
    "creases": creases,
}


def picture(kind: str, number: int, text: str, seed: str) -> Image.Image:
    """The picture of a kind and number, always the same for a seed."""
    rng = random.Random(f"{seed}/{kind}/{number}")
    return KINDS[kind](page(text, rng), rng.random(), rng)
