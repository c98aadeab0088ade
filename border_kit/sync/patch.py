"""Packing a volume, and patching one edition of it into the next (zstd, RFC 8878, the way of `zstd --patch-from`).

A full file is one zstd frame; a patch says which pages changed and holds those in pieces of at most 8 MiB, each a frame whose
dictionary is what stood there before: so a volume of any size is patched in the memory of one piece. Frames state the size of what
they hold, and are unpacked within bounds that the signed metadata set: nothing is believed that a frame says of itself, and
what comes out is the volume only if its SHA-256 is the signed one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from border_kit import disk
from border_kit.errors import StoreError
from border_kit.sync.refusal import Refusal

LARGEST = 2**30
"""Bytes of an unpacked volume; the largest known is 30 million."""
PAGE = 4096
"""Bytes of a page of SQLite as our volumes have it; one of another size would be patched as well, at a greater length."""
_PIECE = 2048
"""Pages of a piece of a patch: it is unpacked with so many earlier pages and so many new ones in memory. A week's changes fit in one."""
_HEAD = 32
"""Bytes in which the head of a frame lies whole (RFC 8878: at most 18)."""
_SIZE = 4
"""Bytes, little-endian, before each piece: its length."""
_FULL_WINDOW = 23
"""Binary logarithm of the window of a full file: 8 MiB, so that unpacking needs no more memory than that."""
_SMALLEST = 17
"""Binary logarithm of the smallest window of a patch; zstd takes no smaller tables seriously."""
_BLOCK = 1 << 17
_LEVEL = 19
_QUICK = 3


def pack(volume: bytes) -> bytes:
    """A full file: the volume as one frame with a window of at most 8 MiB."""
    settings = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, source_size=len(volume), window_log=_FULL_WINDOW, write_checksum=1
    )
    return zstandard.ZstdCompressor(compression_params=settings).compress(volume)


def make(base: Path, volume: Path, *, quick: bool = False) -> bytes:
    """A patch from one edition of a volume to another.

    One bit a page of the new file (1: it differs from the base's page at its place), then the pages that differ, in pieces: the
    length of a frame, and the frame, over the base's pages at their places as raw dictionary. zstd then counts its way within the
    changed pages and not across both files, which saves a twelfth of a day's patch.

    Args:
        base: the file that it starts from.
        volume: the file that it leads to.
        quick: with small tables, for a patch that stays on this machine.
    """
    with base.open("rb") as old, volume.open("rb") as new:
        length = os.fstat(new.fileno()).st_size
        changed = [at for at in range(0, length, PAGE) if _page(new, at, PAGE) != _page(old, at, PAGE)]
        marks = bytearray(_marks_size(length))
        for at in changed:
            marks[at // PAGE // 8] |= 1 << at // PAGE % 8
        made = [bytes(marks)]
        for piece in _pieces(changed):
            packed = _packed(_pages(old, piece), _pages(new, piece), quick=quick)
            made += (len(packed).to_bytes(_SIZE, "little"), packed)
    return b"".join(made)


def _packed(old: bytes, new: bytes, *, quick: bool) -> bytes:
    """One piece. The search tables cover all of it: with those that zstd's levels choose, a patch of the size of ours is twice as large."""
    reach = max(_SMALLEST, (len(old) + len(new)).bit_length())
    thorough = {} if quick else {
        "hash_log": min(reach - 1, 25), "chain_log": min(reach, 26), "search_log": 10, "min_match": 3, "target_length": 999,
        "strategy": zstandard.STRATEGY_BTULTRA2,
    }  # fmt: skip
    settings = zstandard.ZstdCompressionParameters.from_level(
        _QUICK if quick else _LEVEL, window_log=reach, write_checksum=1, write_dict_id=0, **thorough
    )
    return zstandard.ZstdCompressor(compression_params=settings, dict_data=_dictionary(old)).compress(new)


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
        disk.sync_folder(into.parent)
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
    if length > LARGEST:
        raise _bomb(f"is of more than {LARGEST} bytes")
    summed = hashlib.sha256()
    for block in _whole(source, length) if base is None else _patched(source, length, base):
        summed.update(block)
        target.write(block)
    return summed.hexdigest()


def _whole(source: BinaryIO, length: int) -> Iterator[bytes]:
    """The blocks of a full file."""
    with _frame(source, length, 1 << _FULL_WINDOW) as frame:
        left = length
        while left and (block := frame.read(min(left, _BLOCK))):
            left -= len(block)
            yield block
        if left:
            raise _ended(length)
        if frame.read(1):
            raise _bomb(f"unpacks to more than the {length} bytes that were signed")


def _patched(source: BinaryIO, length: int, base: Path) -> Iterator[bytes]:
    """The pages of a volume: those that changed out of the patch, the others as they stand in the base."""
    marks = source.read(_marks_size(length))
    if len(marks) < _marks_size(length):
        raise _ended(length)
    changed = [at for at in range(0, length, PAGE) if marks[at // PAGE // 8] >> at // PAGE % 8 & 1]
    with base.open("rb") as old:
        at = 0
        for piece in _pieces(changed):
            fresh = _unpacked_piece(source, sum(min(PAGE, length - place) for place in piece), _pages(old, piece))
            for number, place in enumerate(piece):
                yield from _kept(old, at, place, base)
                yield fresh[number * PAGE : (number + 1) * PAGE]
                at = place + PAGE
        yield from _kept(old, at, length, base)
    if source.read(1):
        raise _bomb(f"holds more than the {length} bytes that were signed")


def _kept(old: BinaryIO, at: int, stop: int, base: Path) -> Iterator[bytes]:
    """What a patch leaves as it stands in the base, from one place up to another."""
    while at < stop:
        block = _page(old, at, min(_BLOCK, stop - at))
        if not block:
            raise _wrong_content(base)
        at += len(block)
        yield block


def _unpacked_piece(source: BinaryIO, size: int, dictionary: bytes) -> bytes:
    """One piece of a patch, that is due to unpack to so many bytes."""
    packed_size = int.from_bytes(source.read(_SIZE), "little")
    if packed_size > size + (size >> 7) + _BLOCK:
        raise _damaged("a piece of it is larger than what it unpacks to")
    packed = source.read(packed_size)
    if not packed_size or len(packed) < packed_size:
        raise _ended(size)
    allowed = 1 << max(_SMALLEST, (len(dictionary) + size).bit_length())
    _expect_due(packed, size, allowed)
    found = zstandard.ZstdDecompressor(dict_data=_dictionary(dictionary), max_window_size=allowed).decompress(
        packed, allow_extra_data=False
    )
    if len(found) != size:
        raise _ended(size)
    return found


def _pieces(changed: list[int]) -> Iterator[list[int]]:
    """The places of changed pages, as many at once as make a piece."""
    return (changed[at : at + _PIECE] for at in range(0, len(changed), _PIECE))


def _pages(file: BinaryIO, places: list[int]) -> bytes:
    """The pages at these places, one behind the other; what lies beyond the end is left out."""
    return b"".join(_page(file, at, PAGE) for at in places)


def _marks_size(length: int) -> int:
    """Bytes of a patch's marks: one bit a page of the volume that it leads to."""
    return -(-length // (8 * PAGE))


def _page(file: BinaryIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


@contextmanager
def _frame(source: BinaryIO, length: int, allowed: int) -> Iterator[BinaryIO]:
    """Read the one frame that is due as a stream."""
    _expect_due(source.read(_HEAD), length, allowed)
    source.seek(0)
    with zstandard.ZstdDecompressor(max_window_size=allowed).stream_reader(source, read_size=_BLOCK) as reader:
        yield cast("BinaryIO", reader)


def _expect_due(head: bytes, length: int, allowed: int) -> None:
    """Refuse a frame that asks for more than is due, or says so, before any memory is given to it."""
    try:
        asked = zstandard.get_frame_parameters(head[:_HEAD])
    except zstandard.ZstdError as error:
        raise _damaged(f"it is no packed volume ({error})") from error
    if asked.window_size > allowed:
        raise _bomb(f"asks for a window of {asked.window_size} bytes where {allowed} are due")
    if asked.content_size != length:
        raise _bomb(f"says that it holds {asked.content_size} bytes where {length} were signed")


def _dictionary(content: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if content else None


def _bomb(what: str) -> Refusal:
    return Refusal("patch_oversized", f"The file {what}.", "Do not use it; report it to the authority that publishes.")


def _ended(length: int) -> Refusal:
    return _damaged(f"it ends before the {length} bytes that were signed")


def _damaged(why: str) -> Refusal:
    return Refusal("patch_damaged", f"The file is damaged: {why}.", "Fetch it again.")


def _wrong_content(base: Path | None) -> Refusal:
    if base is None:
        return Refusal("volume_differs", "What was unpacked is not the volume that was signed.", "Fetch it again.")
    return Refusal(
        "patch_other_base",
        f"The patch does not lead from {base.name} to the volume that was signed: it belongs to another edition, or one of "
        "the two is damaged.",
        "Take the full file instead.",
    )
