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

PLAIN = Theme(
    name="plain",
    primary="ansi_white",
    secondary="ansi_white",
    accent="ansi_white",
    foreground="ansi_white",
    background="ansi_black",
    surface="ansi_black",
    panel="ansi_black",
    success="ansi_white",
    warning="ansi_white",
    error="ansi_white",
    dark=True,
    ansi=True,
)
