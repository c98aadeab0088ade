"""What every command shares: the common options, which may stand before or after the sub-command, and the desk they open."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from border_kit.cli.diagnostics import Application, say
from border_kit.clock import parse_date, parse_moment
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.errors import UsageError
from border_kit.text import clean_line

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(slots=True)
class Common:
    """The common options of one call."""

    application: Application
    settings: Settings = field(default_factory=Settings)
    json: bool = False
    color: bool = True
    clock_told: bool = False
    """Whether the answer has already said that the clock was set."""
    answered: bool = False
    """Whether anything was printed."""
    pin_fd: int | None = None
    """The file descriptor that the PIN is read from, instead of asking."""

    def ask_pin(self, badge: str) -> str:
        """The PIN of a badge: from `--pin-fd`, else asked for at a terminal. Raises UsageError where neither can be."""
        if self.pin_fd is not None:
            return read_secret(self.pin_fd)
        if not sys.stdin.isatty():
            raise UsageError("pin_missing", f"The PIN of {badge} is needed.", "Hand it over with --pin-fd N.")
        return str(click.prompt(f"PIN of {badge}", hide_input=True, err=True))

    def desk(self) -> Desk:
        """The desk that the options describe; what it opens is closed when the call ends."""
        for alarm in self.settings.alarms():
            say(alarm.text)
        desk = Desk(replace(self.settings, pin=self.ask_pin))
        click.get_current_context().call_on_close(desk.close)
        return desk


def read_secret(descriptor: int) -> str:
    """One line from a file descriptor (a pipe that the caller opened). Raises UsageError when it cannot be read."""
    try:
        with os.fdopen(descriptor, encoding="utf-8", closefd=False) as stream:
            return stream.readline(1_000).rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise UsageError(
            "pin_unreadable",
            f"No PIN can be read from descriptor {descriptor} ({error}).",
            "Give it as in: --pin-fd 3 3<pin",
        ) from error


def ask_new_pin(what: str, descriptor: int | None) -> str:
    """A new PIN of a badge or key, from a descriptor or asked for twice. Raises UsageError where neither can be."""
    if descriptor is not None:
        return read_secret(descriptor)
    if not sys.stdin.isatty():
        raise UsageError("pin_missing", f"A new PIN for {what} is needed.", "Hand it over with --new-pin-fd N.")
    return str(click.prompt(f"New PIN of {what}", hide_input=True, confirmation_prompt=True, err=True))


NEW_PIN = click.option(
    "--new-pin-fd", type=click.IntRange(0, 1023), metavar="N", help="Read the new PIN from this file descriptor."
)


def common(context: click.Context) -> Common:
    """The common options of the running call."""
    found = context.find_root().obj
    assert isinstance(found, Common)  # narrows click's Any
    return found


def common_options(command: Command) -> Command:
    """Give a command the common options; where one is given twice, the later place counts."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _setter(apply: Callable[[Common, Any], None]) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(context: click.Context, parameter: click.Parameter, value: object) -> None:
        source = context.get_parameter_source(parameter.name or "")
        if value is not None and source is not click.core.ParameterSource.DEFAULT:
            apply(common(context), value)

    return callback


def _set(name: str) -> Callable[[Common, Any], None]:
    def apply(options: Common, value: Any) -> None:
        options.settings = replace(options.settings, **{name: value})

    return apply


def _operator(options: Common, value: Any) -> None:
    options.settings = replace(options.settings, operator=clean_line(str(value), 100) or None)


def _pin_fd(options: Common, value: Any) -> None:
    options.pin_fd = int(value)


def _json(options: Common, value: object) -> None:
    options.json = bool(value)


def _no_color(options: Common, value: object) -> None:
    options.color = not value


class Moment(click.ParamType[Any]):
    """An ISO 8601 date or date-time."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it, or say how it is written."""
        try:
            return parse_moment(value) if isinstance(value, str) else value
        except ValueError:
            self.fail(
                f"{clean_line(str(value), 80)!r} is no moment; write 2026-03-02 or 2026-03-02T10:15:00Z.", param, ctx
            )


class Day(click.ParamType[Any]):
    """An ISO 8601 calendar date."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it, or say how it is written."""
        try:
            return parse_date(value) if isinstance(value, str) else value
        except ValueError:
            self.fail(f"{clean_line(str(value), 80)!r} is no date; write 2026-03-02.", param, ctx)


class Place(click.Path):
    """A path; what no file system can name is refused as wrong usage."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse zero characters and lone surrogates, then as click does."""
        if isinstance(value, str) and not _nameable(value):
            self.fail(f"{clean_line(value, 80)!r} can be no path.", param, ctx)
        return super().convert(value, param, ctx)


def _nameable(text: str) -> bool:
    try:
        return "\0" not in text and bool(os.fsencode(text))
    except UnicodeEncodeError:
        return False


FOLDER = Place(file_okay=False, path_type=Path)
FILE = Place(path_type=Path)

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--catalog", type=FOLDER, metavar="DIR", expose_value=False, callback=_setter(_set("catalog")),
        help="Use the catalog in this directory.",
    ),
    click.option(
        "--casebook", type=FILE, metavar="FILE", expose_value=False, callback=_setter(_set("casebook")),
        help="Use this casebook.",
    ),
    click.option(
        "--ledger", type=FILE, metavar="FILE", expose_value=False, callback=_setter(_set("ledger")),
        help="Use this usage ledger (default: beside the casebook).",
    ),
    click.option(
        "--json", is_flag=True, expose_value=False, callback=_setter(_json), help="Print one JSON document."
    ),
    click.option(
        "--now", type=Moment(), metavar="ISO-8601", expose_value=False, callback=_setter(_set("now")),
        help="Set the clock (tests and training; writes no casebook and no ledger).",
    ),
    click.option(
        "--as-of", type=Day(), metavar="DATE", expose_value=False, callback=_setter(_set("as_of")),
        help="Ask what applied on that day.",
    ),
    click.option(
        "--operator", metavar="BADGE", expose_value=False, callback=_setter(_operator),
        help="Who acts; recorded with every event (unsigned until operators are enrolled).",
    ),
    click.option(
        "--pin-fd", type=click.IntRange(0, 1023), metavar="N", expose_value=False, callback=_setter(_pin_fd),
        help="Read the operator's PIN from this file descriptor instead of asking.",
    ),
    click.option(
        "--lang", type=click.Choice(["en"]), expose_value=False, callback=_setter(lambda _options, _value: None),
        help="Language of the output.",
    ),
    click.option(
        "--no-color", is_flag=True, expose_value=False, callback=_setter(_no_color), help="No colours (also NO_COLOR)."
    ),
)  # fmt: skip
