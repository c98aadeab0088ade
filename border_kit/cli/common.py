"""What every command shares: the common options, which may stand before or after the sub-command, and the desk they open."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from border_kit.cli.diagnostics import Application
from border_kit.clock import parse_date, parse_moment
from border_kit.desk.desk import Desk, Settings
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

    def desk(self) -> Desk:
        """The desk that the options describe; what it opens is closed when the call ends."""
        desk = Desk(self.settings)
        click.get_current_context().call_on_close(desk.close)
        return desk


def common(context: click.Context) -> Common:
    """The common options of the running call."""
    found = context.find_root().obj
    assert isinstance(found, Common)  # noqa: S101 - narrows click's Any
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
        "--json", is_flag=True, expose_value=False, callback=_setter(_json), help="Print one JSON document."
    ),
    click.option(
        "--now", type=Moment(), metavar="ISO-8601", expose_value=False, callback=_setter(_set("now")),
        help="Set the clock (tests and training; writes no casebook).",
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
        "--lang", type=click.Choice(["en"]), expose_value=False, callback=_setter(lambda _options, _value: None),
        help="Language of the output.",
    ),
    click.option(
        "--no-color", is_flag=True, expose_value=False, callback=_setter(_no_color), help="No colours (also NO_COLOR)."
    ),
)  # fmt: skip
