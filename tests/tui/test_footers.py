"""The keys in the footer: every one of them is seen at 80 columns."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from textual.binding import Binding

from border_kit.tui import screens
from border_kit.tui.screens.base import DeskScreen

for module in pkgutil.iter_modules(screens.__path__):
    importlib.import_module(f"{screens.__name__}.{module.name}")


def _below(screen: type[DeskScreen]) -> Iterator[type[DeskScreen]]:
    for found in screen.__subclasses__():
        yield found
        yield from _below(found)


@pytest.mark.parametrize("screen", list(_below(DeskScreen)), ids=lambda screen: screen.__name__)
def test_every_function_key_fits_the_footer(screen: type[DeskScreen]) -> None:
    shown: dict[int, str] = {}
    for base in reversed(screen.__mro__):
        for binding in base.__dict__.get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.show and binding.description:
                number = (binding.key_display or binding.key).upper().removeprefix("F")
                if number.isdigit():
                    shown[int(number)] = binding.description
    footer = " ".join(f"F{number} {what}" for number, what in sorted(shown.items()))
    assert len(footer) <= 80, footer
