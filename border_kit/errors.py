"""What can go wrong, in a form that both faces can show.

Every error says what happened (`message`), under which machine `code`, and what to do next (`hint`). The kinds map to the
exit codes of the command (docs/interfaces.md): an error is shown, never a traceback.
"""

from __future__ import annotations

from typing import Any


class BorderKitError(Exception):
    """Something the officer has to know: a `code`, a `message`, and a `hint` at the next step."""

    exit_code = 70

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def __reduce__(self) -> tuple[Any, ...]:
        """An error of a process that helps arrives in the one that asked as it was raised."""
        return _raised, (type(self), self.__dict__)


def _raised(kind: type[BorderKitError], fields: dict[str, Any]) -> BorderKitError:
    error = kind.__new__(kind, fields["message"])
    error.__dict__.update(fields)
    return error


class UsageError(BorderKitError):
    """The command was called in a way that means nothing."""

    exit_code = 2


class InputError(BorderKitError):
    """A file, scan or row cannot be used. `row` (1-based) and `field` name the place where they are known."""

    exit_code = 4

    def __init__(
        self, code: str, message: str, hint: str = "", *, row: int | None = None, field: str | None = None
    ) -> None:
        super().__init__(code, message, hint)
        self.row = row
        self.field = field


class AmbiguousInputError(InputError):
    """A file leaves a question open that must not be guessed; `option` is the command's option that answers it."""

    def __init__(self, code: str, message: str, hint: str, *, option: str) -> None:
        super().__init__(code, message, hint)
        self.option = option


class CatalogError(BorderKitError):
    """The reference data are missing, damaged or lack the volume that was asked for."""

    exit_code = 5


class StoreError(BorderKitError):
    """The office's own file cannot be read or written: a full disk, no permission, a foreign file."""

    exit_code = 4
