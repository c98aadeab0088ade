"""Why a text is no certificate: what a scanner, a keyboard or a copying hand does to one."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from border_kit.certificates.refusal import RefusedError

PREFIXES = ("CL1:", "HC1:")


def diagnose(text: str, prefix: str, error: RefusedError | None = None) -> RefusedError:
    """The reason that fits best; `error` is what the base45 reader said of a text whose prefix is right."""
    if error is not None:
        return _inside(text[len(prefix) :], error)
    tidy = text.lstrip(_BEFORE)
    if not tidy:
        return RefusedError("empty", "Nothing was scanned.")
    if tidy.startswith(prefix):
        return _before(text)
    if tidy[: len(prefix)].upper() == prefix:
        return RefusedError("prefix_case", "The letters came in the wrong case: switch caps lock off and scan again.")
    layout = layout_of(tidy, prefix)
    if layout is not None:
        return RefusedError(
            "keyboard_layout",
            f"The scanner types as on a US keyboard, this computer expects a {layout} one: set both alike and scan again.",
        )
    return _another(tidy, prefix)


_BEFORE = " \t\r\n\ufeff\ufffe"


def _before(text: str) -> RefusedError:
    """What stands before a right prefix."""
    if text[0] in "\ufeff\ufffe":
        return RefusedError(
            "prefix_bom", "A byte-order mark stands before the code: it was copied through a text file."
        )
    return RefusedError("prefix_blank", "Blanks or a line break stand before the code: clear the field and scan again.")


def _another(text: str, prefix: str) -> RefusedError:
    """A text that is something else."""
    other = next((one for one in PREFIXES if text.startswith(one)), None)
    if other is not None:
        return RefusedError("prefix_other_profile", f"This is a certificate of another kind ({other}).")
    if prefix in text:
        return RefusedError("prefix_late", "Something stands before the code: clear the field and scan again.")
    return RefusedError("prefix_wrong", f"This is no such certificate: its code would begin with {prefix}")


def _inside(body: str, error: RefusedError) -> RefusedError:
    """What happened to a text behind its right prefix."""
    if error.code == "base45_character":
        if body.rstrip("\r\n\t") != body:
            return RefusedError(
                "text_line_end", "A line break or tab stands behind the code: scan into the scan field."
            )
        if any(char in body for char in "\r\n\t"):
            return RefusedError("text_line_break", "A line break or tab stands inside the code: scan it in one piece.")
        if any(char.islower() for char in body):
            return RefusedError("text_case", "Letters came in the wrong case: switch caps lock off and scan again.")
    if error.code == "base45_length":
        return RefusedError(error.code, f"{error.message} Half a scan, or blanks were lost: scan again.")
    return error


def layout_of(text: str, prefix: str) -> str | None:
    """The keyboard layouts by which a scanner's prefix became what stands here; None where it fits none."""
    column = PREFIXES.index(prefix)
    found = [row[0] for row in _layouts() if _same(text, row[1 + column])]
    return " or ".join(found) or None


def _same(text: str, garbled: str) -> bool:
    """Whether a text begins so, also with caps lock on."""
    return text[: len(garbled)] in (garbled, garbled.swapcase())


@lru_cache(maxsize=1)
def _layouts() -> tuple[tuple[str, ...], ...]:
    content = files("border_kit.certificates").joinpath("data/layouts.tsv").read_text(encoding="utf-8")
    return tuple(tuple(row.split("\t")) for row in content.splitlines() if row and not row.startswith("#"))
