"""Who was revoked: the status lists of a trust list, each proven once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from border_kit.certificates import keys, status
from border_kit.certificates.claims import Claims
from border_kit.certificates.cose import Sign1
from border_kit.certificates.refusal import CannotTellError, RefusedError
from border_kit.certificates.status import StatusList
from border_kit.certificates.trust import STATUS_DOCUMENT, TrustKey, TrustList

FUTURE = timedelta(days=1)
"""Clocks of two offices may differ; by more than a day, one of them is wrong."""


def prove(key: TrustKey, message: Sign1) -> None:
    """Prove a message by a key of the trust list. Raises RefusedError."""
    public = key.public
    if public.algorithm != message.algorithm:
        raise RefusedError("key_algorithm", "The key that it names signs in another way than this message states.")
    keys.verify(public, message.parts.signature, message.to_be_signed())


def _proves(key: TrustKey, message: Sign1) -> bool:
    try:
        prove(key, message)
    except RefusedError:
        return False
    return True


@dataclass(slots=True)
class Revocations:
    """The status lists that a trust list carries."""

    trust: TrustList
    _read: dict[tuple[str, str], StatusList | CannotTellError] = field(default_factory=dict)

    def list_at(self, authority: str, uri: str) -> StatusList:
        """The proven status list of an authority at an address. Raises CannotTellError."""
        at = (authority, uri)
        if at not in self._read:
            try:
                self._read[at] = self._proven(authority, uri)
            except CannotTellError as error:
                self._read[at] = error
        found = self._read[at]
        if isinstance(found, CannotTellError):
            raise CannotTellError(found.code, found.message)
        return found

    def _proven(self, authority: str, uri: str) -> StatusList:
        """The newest list that proves to be the authority's: one that does not must not hide the one before."""
        rows = [row for row in self.trust.status_lists if (row.authority, row.uri) == (authority, uri)]
        refusal = CannotTellError(
            "status_list_missing", "The issuer's status list is not here: whether it was revoked is not known."
        )
        for row in sorted(rows, key=lambda row: row.as_of, reverse=True):
            try:
                message, found = status.parse(row.token)
            except RefusedError as error:
                words = f"The issuer's status list cannot be read: {error.message}"
                refusal = CannotTellError("status_list_unproven", words)
                continue
            if (found.issuer, found.uri) == (authority, uri) and self._signed(message, found):
                return found
            refusal = CannotTellError("status_list_unproven", "No key of the issuer proves its status list.")
        raise refusal

    def _signed(self, message: Sign1, found: StatusList) -> bool:
        return any(
            key.authority == found.issuer
            and STATUS_DOCUMENT in key.document_types
            and key.status != "compromised"
            and key.window(found.issued_at) is None
            and _proves(key, message)
            for key in self.trust.candidates(message.kid)
        )


def check(claims: Claims, found: StatusList, now: datetime, max_age_days: int | None) -> str:
    """What a proven status list says of a certificate, in a sentence.

    Raises RefusedError where it was revoked or suspended, CannotTellError where the list is too old or does not reach it.
    """
    assert claims.status is not None  # the caller has looked
    value = found.status(claims.status.index)
    made = found.issued_at.date().isoformat()
    if value == status.INVALID:
        raise RefusedError("revoked", f"The issuer revoked this certificate (status list of {made}).")
    if value == status.SUSPENDED:
        raise RefusedError("suspended", f"The issuer suspended this certificate (status list of {made}).")
    if found.issued_at > now + FUTURE:
        raise CannotTellError("clock_behind", "The status list was made after the time that this clock shows.")
    if _too_old(found, now, max_age_days):
        raise CannotTellError(
            "status_list_too_old", f"The status list is of {made}, too old to say that nothing was revoked since."
        )
    if value is None:
        if found.issued_at < claims.issued_at:
            raise CannotTellError("status_list_too_old", f"The status list is of {made}, from before the certificate.")
        raise RefusedError("status_index_unknown", "The issuer's status list has no such place: it never issued this.")
    if value != status.VALID:
        raise CannotTellError(
            "status_not_understood", f"The status list gives the status {value}, which is not understood."
        )
    return f"Not revoked as of {made}."


def _too_old(found: StatusList, now: datetime, max_age_days: int | None) -> bool:
    ends = [found.expires, found.issued_at + found.ttl if found.ttl else None]
    if any(end is not None and end <= now for end in ends):
        return True
    return max_age_days is not None and age_days(found.issued_at.date(), now) > max_age_days


def age_days(day: date, now: datetime) -> int:
    """Whole days between a day and now."""
    return (now.date() - day).days
