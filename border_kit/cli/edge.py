"""The outermost edge of the command: it runs one command line, and tells what ended it as words on stderr. Never a traceback."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from collections.abc import Sequence

import click

from border_kit.cli.common import Common
from border_kit.cli.diagnostics import Application, Exit, ReaderGoneError, say
from border_kit.cli.main import cli
from border_kit.cli.output import print_json
from border_kit.clock import stamp
from border_kit.errors import BorderKitError
from border_kit.findings import Json
from border_kit.store import unreadable
from border_kit.text import clean_line

_SYSTEM_HINT = "Check the path, the permissions and the free disk space."


def run(arguments: Sequence[str], application: Application) -> int:
    """Run one command line and return its exit code; `application` is the other face, for `open`."""
    options = Common(application)
    try:
        result = cli.main(args=list(arguments), prog_name="border-kit", standalone_mode=False, obj=options)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - the outermost edge: an officer never sees a traceback
        told = unreadable(error) if isinstance(error, sqlite3.Error) else error
        code = _leave(told)
        if options.json and not options.answered:
            _error_document(told, options)
        return code
    return int(result) if isinstance(result, int) else Exit.OK


def _leave(error: BaseException) -> int:
    """The exit code of what ended a command, told in words."""
    match error:
        case ReaderGoneError() | BrokenPipeError():
            # The reader of our output has gone: nothing is wrong, and nothing more can be said.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = Exit.OK
        case click.Abort() | KeyboardInterrupt():
            say("Interrupted. Nothing that was confirmed is lost.")
            code = Exit.INTERRUPTED
        case click.exceptions.Exit() | SystemExit():
            return int(getattr(error, "exit_code", getattr(error, "code", 0)) or 0)
        case click.ClickException():
            code = _usage(error)
        case BorderKitError():
            say(f"Error: {error.message}", error.hint)
            return error.exit_code
        case OSError():
            say(f"Error: {_system(error)}", _SYSTEM_HINT)
            code = Exit.INPUT
        case _:
            code = _internal(error)
    return code


def _error_document(error: BaseException, options: Common) -> None:
    """What went wrong as the one document that `--json` promised."""
    match error:
        case BorderKitError():
            code, message, hint = error.code, error.message, error.hint
        case click.ClickException():
            code, message, hint = "usage", error.format_message(), ""
        case (
            click.exceptions.Exit()
            | SystemExit()
            | KeyboardInterrupt()
            | click.Abort()
            | ReaderGoneError()
            | BrokenPipeError()
        ):
            return
        case OSError():
            code, message, hint = "system", _system(error), _SYSTEM_HINT
        case _:
            code, message, hint = "internal", type(error).__name__, ""
    told: dict[str, Json] = {"code": code, "message": clean_line(message, 2_000), "hint": clean_line(hint, 2_000)}
    clock: dict[str, Json] = {"now": stamp(options.settings.now)} if options.settings.now else {}
    with contextlib.suppress(OSError, ValueError):
        print_json({**clock, "error": told})


def _system(error: OSError) -> str:
    """What the operating system refused, and about which file."""
    about = f" ({clean_line(str(error.filename), 200)})" if error.filename is not None else ""
    return f"The system says: {error.strerror or error}{about}."


def _usage(error: click.ClickException) -> Exit:
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "border-kit"
    say(f"Error: {error.format_message()}", f"Try: {command} --help")
    return Exit.USAGE


def _internal(error: BaseException) -> Exit:
    if os.environ.get("BORDER_KIT_TRACEBACK"):
        raise error
    say(
        f"Internal error ({type(error).__name__}: {error}).",
        "Nothing that was confirmed is lost. Set BORDER_KIT_TRACEBACK=1 and repeat the command to report it.",
    )
    return Exit.INTERNAL
