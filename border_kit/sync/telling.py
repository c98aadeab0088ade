"""What The Update Framework refuses, in words that an officer understands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tuf.api import exceptions

from border_kit.errors import BorderKitError
from border_kit.sync.refusal import Refusal


@contextmanager
def told(what: str) -> Iterator[None]:
    """Turn what TUF refuses into a Refusal that an officer understands."""
    try:
        yield
    except exceptions.RepositoryError as error:
        raise _refusal(what, error) from error
    except exceptions.DownloadError as error:
        raise _unfetched(what, error) from error


def _refusal(what: str, error: exceptions.RepositoryError) -> BorderKitError:
    code, message, hint = next(row for kind, *row in _TOLD if isinstance(error, kind))
    return Refusal(code, f"{message} ({what}: {error})", hint)


_REPORT = "Nothing was taken. Use another source, and report it to the authority that publishes."
_TOLD: tuple[tuple[type[Exception], str, str, str], ...] = (
    (
        exceptions.UnsignedMetadataError,
        "signatures_missing",
        "Too few of the signers that must sign have signed.",
        _REPORT,
    ),
    (
        exceptions.ExpiredMetadataError,
        "expired",
        "The publication was good for a time that has passed: it is too old to install.",
        "What is installed stays in use. Pull from a newer source; check the date of this machine.",
    ),
    (
        exceptions.BadVersionNumberError,
        "version_older",
        "The publication is older than what this office has seen, or mixes files of different versions.",
        "It is an old copy, or somebody holds newer data back. Use another source.",
    ),
    (
        exceptions.LengthOrHashMismatchError,
        "file_differs",
        "A file is not the one that was signed.",
        "It was damaged on its way, or swapped. Fetch it again.",
    ),
    (
        exceptions.RepositoryError,
        "metadata_refused",
        "The publication's metadata cannot be trusted.",
        _REPORT,
    ),
)


def _unfetched(what: str, error: exceptions.DownloadError) -> Refusal:
    if isinstance(error, exceptions.DownloadLengthMismatchError):
        return Refusal("file_oversized", f"A file goes on beyond its signed length ({what}).", _REPORT)
    if isinstance(error, exceptions.DownloadHTTPError):
        return Refusal(
            "file_missing",
            f"The source lacks a file that the publication needs ({what}: {error}).",
            "It is incomplete. Use another source, or copy the stick again.",
        )
    return Refusal("not_fetched", f"A file could not be fetched ({what}: {error}).", "Try again.")
