"""What an office does not accept from a publication, in a form that both faces show."""

from __future__ import annotations

from border_kit.errors import BorderKitError


class Refusal(BorderKitError):  # noqa: N818 - what an office does, not what went wrong
    """A publication, or a file of it, was not taken; what was installed stays as it is."""

    exit_code = 4


class LineError(BorderKitError):
    """There is no way through to a source, or it cannot be read: nothing is known against what it holds."""

    exit_code = 4
