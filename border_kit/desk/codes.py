"""From a file to the text of the one certificate in it; what several or no codes mean; what a certificate claims unproven."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from border_kit.certificates import base45, cbor, cose, cwt, status
from border_kit.certificates.profiles import PROFILES
from border_kit.certificates.refusal import RefusedError
from border_kit.certificates.scan import NOTHING, Symbol, read
from border_kit.errors import InputError
from border_kit.findings import Json
from border_kit.text import clean_line

MAX_TEXT_FILE = 20_000
"""Bytes of a file that is taken for the text of a code itself."""


def codes_of(file: Path) -> tuple[Symbol, ...]:
    """The codes of a photo, scan, PDF, or of a text file that holds what a scanner typed. Raises InputError."""
    text = _as_text(file)
    return (Symbol(text, text.encode()),) if text is not None else read(file)


def _as_text(file: Path) -> str | None:
    if not file.is_file() or file.stat().st_size > MAX_TEXT_FILE:
        return None
    content = file.read_bytes()
    if b"\0" in content or b"%PDF-" in content[:1024]:
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text.removesuffix("\n").removesuffix("\r") if text.strip() else None


def one_of(symbols: Sequence[Symbol], profile: str) -> str:
    """The text of the one certificate among the codes; several are shown and none is picked. Raises InputError."""
    parts = {at for symbol in symbols for at in symbol.joined}
    whole = [symbol for at, symbol in enumerate(symbols, 1) if at not in parts]
    prefix = PROFILES[profile].prefix
    fitting = [symbol for symbol in whole if symbol.text.startswith(prefix)]
    if len(fitting) == 1:
        return fitting[0].text
    if not symbols:
        raise NOTHING
    if len(whole) == 1:
        return whole[0].text
    shown = "; ".join(
        f"{at}: page {one.page}, {clean_line(one.text, 40)}" for at, one in enumerate(fitting or whole, 1)
    )
    raise InputError(
        "several_codes",
        f"There are {len(fitting or whole)} codes, and none is picked for you: {shown}",
        "Crop the picture to one code, or give its text (border-kit certificate read shows them).",
    )


def inspect(text: str, profile: str) -> dict[str, Json]:
    """What a certificate says of itself; nothing of it is proven, and `readable` is false where it cannot even be read."""
    rules = PROFILES[profile]
    found: dict[str, Json] = {"profile": profile, "proven": False, "readable": False, "error": None}
    try:
        data = status.inflate(base45.decode(text.removeprefix(rules.prefix)), rules.max_inflated)
        parts = cose.split(cbor.decode(data, rules.rules), rules.rules)
        found["headers"] = {"protected": _shown(parts.protected), "unprotected": _shown(parts.unprotected)}
        payload = cbor.decode(parts.payload, rules.rules)
        found["payload"] = _shown(payload)
        found["claims"] = cwt.read_licence(payload).to_json() if rules.licence_claims else None
        found["readable"] = True
    except RefusedError as error:
        found["error"] = {"code": error.code, "message": error.message}
    return found


def _shown(item: cbor.Item) -> Json:  # noqa: PLR0911 - one return a kind
    """CBOR as JSON to look at: byte strings in hex, keys as text."""
    if isinstance(item, bytes):
        return f"h'{item.hex()}'"
    if isinstance(item, dict):
        return {_key(key): _shown(value) for key, value in item.items()}
    if isinstance(item, list):
        return [_shown(value) for value in item]
    if isinstance(item, cbor.Tag):
        return {f"tag {item.number}": _shown(item.value)}
    if isinstance(item, cbor.Simple):
        return f"simple({item.number})"
    if isinstance(item, float) or (isinstance(item, int) and not isinstance(item, bool) and abs(item) >= 1 << 53):
        return str(item)
    return item


def _key(key: cbor.Key) -> str:
    if isinstance(key, bytes):
        return f"h'{key.hex()}'"
    return f"h'{key.encoded.hex()}'" if isinstance(key, cbor.OtherKey) else str(key)
