"""How a reader says no: a machine code and a sentence, never a crash."""

from __future__ import annotations


class RefusedError(Exception):
    """What was read is not what it must be: `code` for machines, `message` for the officer."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class CannotTellError(Exception):
    """What would be needed to say yes or no is missing or too old."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
