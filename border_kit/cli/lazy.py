"""Groups whose commands are imported when they are asked for, so that each starts as fast as it can."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import click


class Place(NamedTuple):
    """Where a command stands: a module of this package, and its name there; `line` lists it without an import."""

    module: str
    name: str
    line: str = ""

    def load(self) -> click.Command:
        """Import the module and take the command out of it."""
        command = getattr(importlib.import_module(f"border_kit.cli.{self.module}"), self.name)
        assert isinstance(command, click.Command)  # narrows getattr's Any
        return command


class LazyGroup(click.Group):
    """A group over a table of places; the commands are listed in its order."""

    def __init__(self, *arguments: Any, table: Mapping[str, Place], **options: Any) -> None:
        """Take what click gives a group, and the table."""
        super().__init__(*arguments, **options)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of the table."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of a name."""
        return self._table[cmd_name].load() if cmd_name in self._table else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands; only those without a line of their own are imported."""
        longest = max(map(len, self._table))
        width = formatter.width - 6 - longest
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, place.line or place.load().get_short_help_str(width)) for name, place in self._table.items()]
            )
