"""`border-kit operator …`: who may act in this office, and the office's key."""

from __future__ import annotations

import click

from border_kit.casework.operators import ROLES, Enrolment
from border_kit.cli.common import NEW_PIN, ask_new_pin, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import reply
from border_kit.desk import render_office
from border_kit.desk.desk import Desk
from border_kit.findings import Json
from border_kit.text import clean_line

_NOBODY: dict[str, Json] = {"office": None, "key": None, "operators": []}


@click.group(
    epilog="""\b
Examples:
  border-kit operator enrol B-01 --name "A. Ruhe" --role supervisor --office XA-BOR-01
  border-kit --operator B-01 operator enrol B-12 --name "K. Adeyo" --role officer
  border-kit operator list
""",
)
@common_options
def operator() -> None:
    """Operators: a badge, a role and a key under a PIN. From the first one on, every event is signed."""


@operator.command(
    epilog="""\b
Examples:
  border-kit operator enrol B-01 --name "A. Ruhe" --role supervisor --office XA-BOR-01
  border-kit --operator B-01 --pin-fd 3 operator enrol B-12 --name "K. Adeyo" --new-pin-fd 4 3<pin 4<new
""",
)
@click.argument("badge")
@click.option("--name", required=True, help="The operator's name, as it stands on notices.")
@click.option("--role", type=click.Choice(ROLES), default="officer", show_default=True)
@click.option(
    "--office", default="", help="The office's number; needed with the first operator, who enrols the office."
)
@NEW_PIN
@common_options
@click.pass_context
def enrol(context: click.Context, badge: str, name: str, role: str, office: str, new_pin_fd: int | None) -> int:
    """Enrol an operator, or give a badge a new key. The first one is a supervisor and enrols the office too."""
    desk = common(context).desk()
    book = desk.casebook
    pin = ask_new_pin(badge, new_pin_fd)
    book.enrol(Enrolment(clean_line(badge, 40), name, role, pin), office=office, at=desk.clock.now())
    return _told(desk)


@operator.command(
    epilog="""\b
Example:
  border-kit --operator B-02 operator confirm B-12
""",
)
@click.argument("badge")
@common_options
@click.pass_context
def confirm(context: click.Context, badge: str) -> int:
    """Confirm that an operator whom another supervisor enrolled is a person of their own.

    Until then what one of the two decided is not signed a second time by the other.
    """
    desk = common(context).desk()
    desk.casebook.confirm(clean_line(badge, 40), at=desk.clock.now())
    return _told(desk)


@operator.command(
    name="list",
    epilog="""\b
Example:
  border-kit operator list --json
""",
)
@common_options
@click.pass_context
def list_operators(context: click.Context) -> int:
    """List the office, its key, and everybody enrolled."""
    return _told(common(context).desk())


@operator.command(
    epilog="""\b
Example:
  border-kit --operator B-01 operator retire B-12
""",
)
@click.argument("badge")
@common_options
@click.pass_context
def retire(context: click.Context, badge: str) -> int:
    """Retire an operator. Since they knew it, the office's key is replaced; what they signed stays good."""
    desk = common(context).desk()
    desk.casebook.retire(clean_line(badge, 40), at=desk.clock.now())
    return _told(desk)


@operator.command(
    name="pin",
    epilog="""\b
Example:
  border-kit --operator B-12 operator pin
""",
)
@NEW_PIN
@common_options
@click.pass_context
def change_pin(context: click.Context, new_pin_fd: int | None) -> int:
    """Change your own PIN."""
    desk = common(context).desk()
    book = desk.casebook
    book.change_pin(ask_new_pin(desk.settings.operator or "", new_pin_fd), at=desk.clock.now())
    return _told(desk)


@operator.command(
    epilog="""\b
Example:
  border-kit --operator B-01 operator rotate
""",
)
@common_options
@click.pass_context
def rotate(context: click.Context) -> int:
    """Replace the office's key: the old one signs that the new one follows it."""
    desk = common(context).desk()
    desk.casebook.rotate(at=desk.clock.now())
    return _told(desk)


def _told(desk: Desk) -> int:
    """Print the office as it now stands."""
    office = desk.cases.office
    reply(
        {"now": desk.moment, **(office.to_json() if office else _NOBODY)},
        lambda: render_office.office(office.to_json() if office else None),
    )
    return Exit.OK
