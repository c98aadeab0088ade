"""Packing a volume, and patching one edition of it into the next (zstd, RFC 8878, the way of `zstd --patch-from`).

A full file is one zstd frame; a patch says which pages changed and is one frame of those, whose dictionary is what stood there
before. Both state the size of what they hold, and are unpacked as a stream into a file, within bounds that the signed metadata
set: nothing is believed that the frame says of itself, and what comes out is the volume only if its SHA-256 is the signed one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from border_kit import store
from border_kit.errors import StoreError
from border_kit.sync.refusal import Refusal

LARGEST = 2**30
"""Bytes of an unpacked volume; the largest known is 30 million."""
PATCHABLE = 36_000_000
"""Bytes up to which a volume is patched: where every page changed, patching holds the earlier one and a window as large as the new one in memory (34 MB besides)."""
PAGE = 4096
"""Bytes of a page of SQLite as our volumes have it; one of another size would be patched as well, at a greater length."""
_FULL_WINDOW = 23
"""Binary logarithm of the window of a full file: 8 MiB, so that unpacking needs no more memory than that."""
_SMALLEST = 17
"""Binary logarithm of the smallest window of a patch; zstd takes no smaller tables seriously."""
_BLOCK = 1 << 17
_LEVEL = 19


def pack(volume: bytes) -> bytes:
    """A full file: the volume as one frame with a window of at most 8 MiB."""
    settings = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, source_size=len(volume), window_log=_FULL_WINDOW, write_checksum=1
    )
    return zstandard.ZstdCompressor(compression_params=settings).compress(volume)


def make(base: bytes, volume: bytes) -> bytes:
    """A patch from one edition of a volume to another.

    One bit a page of the new file (1: it differs from the base's page at its place), then one frame: the pages that differ, over
    the base's pages at their places as raw dictionary. zstd then counts its way within the changed pages and not across both
    files, which saves a twelfth of a day's patch. The search tables cover all of it: with those that zstd's levels choose, a
    patch of the size of ours is twice as large (benchmarks/results/sync-patches.md).
    """
    changed = [at for at in range(0, len(volume), PAGE) if volume[at : at + PAGE] != base[at : at + PAGE]]
    old, new = (b"".join(file[at : at + PAGE] for at in changed) for file in (base, volume))
    marks = bytearray(_marks_size(len(volume)))
    for at in changed:
        marks[at // PAGE // 8] |= 1 << at // PAGE % 8
    reach = max(_SMALLEST, (len(old) + len(new)).bit_length())
    settings = zstandard.ZstdCompressionParameters(
        compression_level=_LEVEL,
        window_log=reach,
        hash_log=min(reach - 1, 25),
        chain_log=min(reach, 26),
        search_log=10,
        min_match=3,
        target_length=999,
        strategy=zstandard.STRATEGY_BTULTRA2,
        write_checksum=1,
        write_dict_id=0,
    )
    return bytes(marks) + zstandard.ZstdCompressor(compression_params=settings, dict_data=_dictionary(old)).compress(
        new
    )


def apply(packed: Path, into: Path, *, length: int, sha256: str, base: Path | None = None) -> None:
    """Unpack a full file, or a patch against `base`, into a new file forced to disk.

    Args:
        packed: what was fetched, already proven to be what the metadata signed.
        into: the file to write; whatever was there is replaced, and nothing is left there when this fails.
        length: bytes of the volume, as signed.
        sha256: hexadecimal digest of the volume, as signed; of an edition on the way its first digits.
        base: the volume that the patch starts from; None for a full file.

    Raises:
        Refusal: the file is damaged, would grow beyond what was signed, or belongs to another base.
        StoreError: the disk is full or may not be written.
    """
    try:
        with packed.open("rb") as source, into.open("wb") as target:
            _expect(_unpacked(source, target, length, base), sha256, base)
            target.flush()
            os.fsync(target.fileno())
        store.sync_folder(into.parent)
    except zstandard.ZstdError as error:
        into.unlink(missing_ok=True)
        raise _wrong_content(base) from error
    except OSError as error:
        into.unlink(missing_ok=True)
        raise StoreError(
            "volume_not_written",
            f"{into.name} could not be written ({error}).",
            "Free some disk space or check the permissions, then repeat the step.",
        ) from error
    except BaseException:
        into.unlink(missing_ok=True)
        raise


def sha256(path: Path) -> str:
    """The hexadecimal SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _expect(found: str, sha256: str, base: Path | None) -> None:
    if not sha256 or not found.startswith(sha256):
        raise _wrong_content(base)


def _unpacked(source: BinaryIO, target: BinaryIO, length: int, base: Path | None) -> str:
    """Stream the volume into its file; the digest of what was written. Raises Refusal as soon as a bound is crossed."""
    if length > LARGEST or (base is not None and max(length, base.stat().st_size) > PATCHABLE):
        raise _bomb(f"patches a volume of more than {PATCHABLE} bytes" if base else f"is of more than {LARGEST} bytes")
    summed = hashlib.sha256()
    for block in _whole(source, length) if base is None else _patched(source, length, base):
        summed.update(block)
        target.write(block)
    return summed.hexdigest()


def _whole(source: BinaryIO, length: int) -> Iterator[bytes]:
    """The blocks of a full file."""
    with _frame(source, length, b"", 1 << _FULL_WINDOW) as frame:
        left = length
        while left and (block := frame.read(min(left, _BLOCK))):
            left -= len(block)
            yield block
        if left:
            raise _ended(length)
        _expect_end(frame, length)


def _patched(source: BinaryIO, length: int, base: Path) -> Iterator[bytes]:
    """The pages of a volume: those that changed out of the patch, the others as they stand in the base."""
    marks = source.read(_marks_size(length))
    if len(marks) < _marks_size(length):
        raise _ended(length)
    changed = [at for at in range(0, length, PAGE) if marks[at // PAGE // 8] >> at // PAGE % 8 & 1]
    size = sum(min(PAGE, length - at) for at in changed)
    anew = set(changed)
    with base.open("rb") as old:
        dictionary = b"".join(_page(old, at, PAGE) for at in changed)
        allowed = 1 << max(_SMALLEST, (len(dictionary) + size).bit_length())
        with _frame(source, size, dictionary, allowed) as frame:
            for at in range(0, length, PAGE):
                due = min(PAGE, length - at)
                page = frame.read(due) if at in anew else _page(old, at, due)
                if len(page) < due:
                    raise _ended(length) if at in anew else _wrong_content(base)
                yield page
            _expect_end(frame, size)


def _marks_size(length: int) -> int:
    """Bytes of a patch's marks: one bit a page of the volume that it leads to."""
    return -(-length // (8 * PAGE))


def _page(file: BinaryIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


@contextmanager
def _frame(source: BinaryIO, length: int, dictionary: bytes, allowed: int) -> Iterator[BinaryIO]:
    """Read one frame that is due; one that asks for more, or says so, is refused before any memory is given to it."""
    start = source.tell()
    head = source.read(32)
    source.seek(start)
    try:
        asked = zstandard.get_frame_parameters(head)
    except zstandard.ZstdError as error:
        raise Refusal("patch_damaged", f"The file is no packed volume ({error}).", "Fetch it again.") from error
    if asked.window_size > allowed:
        raise _bomb(f"asks for a window of {asked.window_size} bytes where {allowed} are due")
    if asked.content_size != length:
        raise _bomb(f"says that it holds {asked.content_size} bytes where {length} were signed")
    decompressor = zstandard.ZstdDecompressor(dict_data=_dictionary(dictionary), max_window_size=allowed)
    with decompressor.stream_reader(source, read_size=_BLOCK) as reader:
        yield cast("BinaryIO", reader)


def _expect_end(frame: BinaryIO, length: int) -> None:
    if frame.read(1):
        raise _bomb(f"unpacks to more than the {length} bytes that were signed")


def _dictionary(content: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if content else None


def _bomb(what: str) -> Refusal:
    return Refusal("patch_oversized", f"The file {what}.", "Do not use it; report it to the authority that publishes.")


def _ended(length: int) -> Refusal:
    return Refusal("patch_damaged", f"It ends before the {length} bytes that were signed.", "Fetch it again.")


def _wrong_content(base: Path | None) -> Refusal:
    if base is None:
        return Refusal("volume_differs", "What was unpacked is not the volume that was signed.", "Fetch it again.")
    return Refusal(
        "patch_other_base",
        f"The patch does not lead from {base.name} to the volume that was signed: it belongs to another edition, or one of "
        "the two is damaged.",
        "Take the full file instead.",
    )
