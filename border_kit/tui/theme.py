"""Two themes: one in 16 colours, one for consoles that have none. No borders: they are ASCII-safe by being absent."""

from __future__ import annotations

from textual.theme import Theme

DESK = Theme(
    name="desk",
    primary="#87afd7",
    secondary="#5f87af",
    accent="#d7af5f",
    background="#101418",
    surface="#182028",
    panel="#24303c",
    success="#5faf5f",
    warning="#d7af5f",
    error="#d75f5f",
    dark=True,
)

SIXTEEN_COLOURS = "ansi-dark"
"""Textual's own theme for consoles with sixteen colours or none."""
