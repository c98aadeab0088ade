"""What a file leaves open is asked once, where somebody sits at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import click

from border_kit.cli.diagnostics import say
from border_kit.desk.intake import as_date_order
from border_kit.errors import AmbiguousInputError
from border_kit.shipment.readers import ReadOptions

Read = TypeVar("Read")


def answering(options: ReadOptions, read: Callable[[ReadOptions], Read]) -> Read:
    """Read; where the order of dates is left open, ask for it. Raises what reading raises, AmbiguousInputError without a terminal."""
    while True:
        try:
            return read(options)
        except AmbiguousInputError as error:
            if not (sys.stdin.isatty() and sys.stderr.isatty()) or error.option != "--date-order":
                raise
            say(error.message)
            chosen = click.prompt("Date order", type=click.Choice(["dmy", "mdy", "ymd"]), err=True)
            options = replace(options, date_order=as_date_order(chosen))
