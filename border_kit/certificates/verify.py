"""Is the paper real? The stages of a verification, from the first character to the status list.

The desk adds the stages registry and shipment. Signature comes before dates, so that an expired genuine paper reads
differently from a forgery; a stage that fails ends the way, and so does a key that cannot be found out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from border_kit.certificates import base45, cbor, cose, cwt, revocation, status
from border_kit.certificates.burst import diagnose
from border_kit.certificates.cbor import Item
from border_kit.certificates.claims import DOCUMENT_WORDS, Claims
from border_kit.certificates.cose import Parts, Sign1
from border_kit.certificates.cwt import HealthClaims
from border_kit.certificates.profiles import STATUS_LIST_TYP, Profile
from border_kit.certificates.refusal import CannotTellError, RefusedError
from border_kit.certificates.revocation import Revocations
from border_kit.certificates.trust import Authority, TrustKey, TrustList
from border_kit.certificates.verdict import SKIPPED, STAGES, Age, Outcome, Stage, Verification

NO_OFFICE_RUNS = timedelta(days=5 * 365)
"""Lists that seem older than this are not old: the clock is wrong."""


def _nobody(_claims: Claims) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a verification rests on beside the paper and the trust list.

    `now` is the moment of the check; `seen` the newest moment that this office's records know of, so that a clock that was
    set back is noticed; `max_age_days` bounds the age of lists (None: any); `vouched` says whether a registry holds the
    licence with this very certificate, which is what a compromised key needs; `doubted` that an officer stated the date, since the
    machine's clock is wrong.
    """

    now: datetime
    seen: datetime | None = None
    max_age_days: int | None = None
    vouched: Callable[[Claims], bool] = _nobody
    doubted: bool = False


@dataclass(slots=True)
class Verifier:
    """Verifies against one trust list (None: there is none); what was read of its status lists is kept."""

    trust: TrustList | None
    _revocations: Revocations | None = None

    def verify(self, text: str, profile: Profile, given: Circumstances) -> Verification:
        """Take a certificate's text through the stages up to `status`. Never raises on what is in the text."""
        if self.trust is not None and self._revocations is None:
            self._revocations = Revocations(self.trust)
        return _Way(text, profile, given, self.trust, self._revocations).walk()


@dataclass(slots=True)
class _Way:
    """One certificate on its way. A stage says in a sentence what it saw (None: not looked at), or raises."""

    text: str
    profile: Profile
    given: Circumstances
    trust: TrustList | None
    revocations: Revocations | None
    data: bytes = b""
    parts: Parts | RefusedError | None = None
    payload: Item = None
    message: Sign1 | None = None
    licence: Claims | None = None
    health: HealthClaims | None = None
    candidates: list[TrustKey] = field(default_factory=list)
    key: TrustKey | None = None
    ages: dict[str, Age] = field(default_factory=dict)

    def walk(self) -> Verification:
        """Every stage in its order."""
        if self.trust is not None and self.trust.as_of is not None:
            self.ages["trust"] = Age(self.trust.as_of, revocation.age_days(self.trust.as_of, self.given.now))
        outcomes: dict[Stage, Outcome] = dict.fromkeys(STAGES, SKIPPED)
        for stage in STAGES[:11]:
            outcomes[stage] = outcome = self._taken(getattr(self, f"take_{stage}"))
            if outcome.state == "failed" or (stage == "key" and outcome.state == "cannot_tell"):
                break
        authority = self._authority()
        return Verification(
            profile=self.profile.name,
            outcomes=outcomes,
            claims=self.licence,
            authority=authority,
            key=self.key,
            ages=self.ages,
            demo=(self.trust.demo if self.trust else False) or (authority.demo if authority else False),
        )

    @staticmethod
    def _taken(take: Callable[[], str | None]) -> Outcome:
        try:
            said = take()
        except RefusedError as error:
            return Outcome("failed", error.message, (error.code,))
        except CannotTellError as error:
            return Outcome("cannot_tell", error.message, (error.code,))
        return SKIPPED if said is None else Outcome("ok", said)

    def _authority(self) -> Authority | None:
        """Whom the trust list knows under the issuer's name: of a proven key, else as claimed."""
        name = self.key.authority if self.key else self.licence.issuer if self.licence else None
        return self.trust.authorities.get(name) if self.trust and name else None

    def take_prefix(self) -> str:
        """The first characters, and that there are not too many."""
        wanted = self.profile.prefix
        if len(self.text) > self.profile.max_characters:
            raise RefusedError(
                "too_long", "There are more characters than a QR code holds: clear the field and scan again."
            )
        if not self.text.startswith(wanted):
            raise diagnose(self.text, wanted)
        if wanted in self.text[len(wanted) :] and not self._unpacks():
            raise RefusedError(
                "two_codes", "Two codes came one after the other: clear the field and scan one at a time."
            )
        return f"It begins with {wanted} as such a certificate does."

    def _unpacks(self) -> bool:
        """Whether the text is one code all the same: one in some thousand holds the letters of the prefix by chance."""
        try:
            status.inflate(base45.decode(self.text[len(self.profile.prefix) :]), self.profile.max_inflated)
        except RefusedError:
            return False
        return True

    def take_base45(self) -> str:
        """The characters as bytes."""
        try:
            self.data = base45.decode(self.text[len(self.profile.prefix) :])
        except RefusedError as error:
            raise diagnose(self.text, self.profile.prefix, error) from error
        return "Every character is one of the alphabet, and none is missing."

    def take_zlib(self) -> str:
        """The bytes unpacked."""
        self.data = status.inflate(self.data, self.profile.max_inflated)
        return "It unpacks whole."

    def take_cbor(self) -> str:
        """The message, its protected header and its payload are CBOR as the profile wants it."""
        rules = self.profile.rules
        item = cbor.decode(self.data, rules)
        try:
            self.parts = cose.split(item, rules)
        except RefusedError as error:
            if error.code.startswith("cbor_"):
                raise
            self.parts = error  # well-formed, but no signed message: the next stage says so
        else:
            self.payload = cbor.decode(self.parts.payload, rules)
        return "The content is well-formed."

    def take_cose(self) -> str:
        """A message with one signer, its headers as the profile wants them."""
        if isinstance(self.parts, RefusedError):
            raise self.parts
        assert self.parts is not None  # the stage before has set it
        self.message = message = cose.proven(self.parts, self.profile.shape)
        if self.profile.kid_length is not None and len(message.kid or b"") != self.profile.kid_length:
            raise RefusedError("cose_kid", f"The key's id is not the {self.profile.kid_length} bytes that it must be.")
        if self.profile.typ is not None and message.typ != self.profile.typ:
            if message.typ == STATUS_LIST_TYP:
                raise RefusedError(
                    "cose_type_status_list", "This is an authority's status list, no licence certificate."
                )
            raise RefusedError("cose_type", "The message does not say that it is a licence certificate.")
        return f"It is a message signed by one key, by {message.algorithm}."

    def take_claims(self) -> str:
        """What the paper says, in the form that it must have."""
        if self.profile.licence_claims:
            self.licence = cwt.read_licence(self.payload)
            return f"It is {DOCUMENT_WORDS[self.licence.document]}."
        self.health = cwt.read_health(self.payload)
        return "It holds a health certificate."

    def take_key(self) -> str:
        """The keys that may have signed: the id is a hint, the algorithm and the window must fit."""
        assert self.message is not None  # proven before
        if self.trust is None:
            raise CannotTellError("trust_missing", "This catalog has no trust list: nobody's signature can be proven.")
        named = self.trust.candidates(self.message.kid)
        if not named:
            raise self._unknown_key()
        fitting = [key for key in named if key.algorithm in (None, self.message.algorithm)]
        if not fitting:
            raise RefusedError("key_algorithm", "The key that it names signs in another way than this message states.")
        reasons = [(key, self._unusable(key)) for key in fitting]
        self.candidates = [key for key, reason in reasons if reason is None]
        if not self.candidates:
            code = next(reason for _, reason in reasons if reason is not None)
            raise RefusedError(code, _KEY_WORDS[code])
        return "The key that it names is on the trust list."

    def _unknown_key(self) -> RefusedError | CannotTellError:
        assert self.trust is not None  # the caller has looked
        if self.trust.unreadable:
            return RefusedError("trust_unreadable", "The certificates handed in cannot be read.")
        if self._too_old():
            return CannotTellError(
                "trust_list_too_old", "No such key is known, and the trust list is too old to say so."
            )
        return RefusedError("key_unknown", "No authority on the trust list has the key that signed this.")

    def _unusable(self, key: TrustKey) -> str | None:
        """Why a key cannot have signed this."""
        if self.licence is not None and self.profile.window == "signing":
            why = key.window(self.licence.issued_at)
            if why is not None:
                return why
        if key.status == "compromised" and not (self.licence and self.given.vouched(self.licence)):
            return "key_compromised"
        if self.health is not None and key.certificate is not None:
            allowed = {about for about, usages in self.profile.usages if key.certificate.usages & usages}
            subjects = {about for about, _ in self.profile.usages}
            if allowed and self.health.about & subjects - allowed:
                return "key_usage"
        return None

    def take_signature(self) -> str:
        """One of the keys must prove it; its own reason is given where there is only one."""
        assert self.message is not None  # proven before
        refusals: list[RefusedError] = []
        for key in self.candidates:
            try:
                revocation.prove(key, self.message)
            except RefusedError as error:
                refusals.append(error)
            else:
                self.key = key
                return "The signature belongs to this content and to a key that is trusted."
        raise refusals[0]

    def take_issuer(self) -> str | None:
        """The key belongs to the issuer that is claimed, may sign such documents, and is recognised here."""
        if self.licence is None:
            return None
        assert self.key is not None  # proven before
        assert self.trust is not None  # the same
        claims, key = self.licence, self.key
        if key.certificate is not None:
            return self._issuer_of_certificate(claims, key)
        if key.authority != claims.issuer:
            raise RefusedError(
                "issuer_mismatch", f"The key is not one of {claims.issuer}, which is named as the issuer."
            )
        words = DOCUMENT_WORDS[claims.document]
        if claims.document not in key.document_types:
            raise RefusedError("document_type_not_allowed", f"This key of {claims.issuer} may not sign {words}.")
        self._clock()
        why = self.trust.recognised(claims.issuer, claims.document, self.given.now.date())
        if why is not None:
            raise RefusedError(why, _RECOGNITION_WORDS[why].format(issuer=claims.issuer, words=words))
        if self._too_old():
            raise CannotTellError("trust_list_too_old", f"The trust list is {self.ages['trust'].days} days old.")
        return f"{claims.issuer} issued it, and its documents of this kind are recognised here."

    def _issuer_of_certificate(self, claims: Claims, key: TrustKey) -> str:
        """A certificate handed in belongs to the issuer that its subject names."""
        assert key.certificate is not None  # the caller has looked
        if claims.issuer in key.certificate.names:
            return f"{claims.issuer} issued it, as the certificate that was handed in says."
        if any(cwt.AUTHORITY.match(name) for name in key.certificate.names):
            raise RefusedError("issuer_mismatch", f"The certificate handed in is not of {claims.issuer}.")
        raise CannotTellError(
            "issuer_not_stated", "The certificate handed in does not say to which authority it belongs."
        )

    def take_validity(self) -> str:
        """The dates of the paper against the clock, if the clock can be believed."""
        self._clock()
        now = self.given.now
        claims = self.licence or self.health
        assert claims is not None  # read before
        if self.profile.window == "now" and self.key and self.key.certificate:
            certificate = self.key.certificate
            if not certificate.not_before <= now <= certificate.not_after:
                raise RefusedError("key_expired", "The key that signed it is not in force at this moment.")
        if claims.expires <= now:
            raise RefusedError("expired", f"Genuine, but it ended on {_shown(claims.expires)}.")
        if claims.not_before is not None and claims.not_before > now:
            raise RefusedError("not_yet_valid", f"Genuine, but it begins on {_shown(claims.not_before)}.")
        if claims.issued_at is not None and claims.issued_at > now:
            raise RefusedError("issued_in_future", f"It says that it was issued on {_shown(claims.issued_at)}.")
        return f"It is good until {_shown(claims.expires)}."

    def take_status(self) -> str | None:
        """Whether the issuer has revoked it, as far as its newest list here says."""
        if self.licence is None:
            return None
        claims = self.licence
        if claims.status is None:
            raise CannotTellError("status_not_stated", "It does not say where its issuer lists what was revoked.")
        assert self.revocations is not None  # there is a trust list, else the key were not found
        found = self.revocations.list_at(claims.issuer, claims.status.uri)
        made = found.issued_at.date()
        self.ages["status_list"] = Age(made, revocation.age_days(made, self.given.now))
        return revocation.check(claims, found, self.given.now, self.given.max_age_days)

    def _too_old(self) -> bool:
        age = self.ages.get("trust")
        return age is not None and self.given.max_age_days is not None and age.days > self.given.max_age_days

    def _clock(self) -> None:
        """A clock that shows less than what is known to have passed, or far more than any list's age, is wrong."""
        now, age = self.given.now, self.ages.get("trust")
        if self.given.doubted:
            raise CannotTellError(
                "clock_stated", "The date was stated by an officer, since this machine's clock is wrong."
            )
        if (age is not None and age.days < -1) or (
            self.given.seen is not None and now < self.given.seen - revocation.FUTURE
        ):
            raise CannotTellError(
                "clock_behind", "The clock shows a time before the lists or records here: set it right."
            )
        if age is not None and timedelta(days=age.days) > NO_OFFICE_RUNS:
            raise CannotTellError("clock_ahead", "The clock shows a time years after the lists here: set it right.")


_KEY_WORDS = {
    "key_not_yet_valid": "The key that it names was not yet in force when it says that it was signed.",
    "key_expired": "The key that it names was no longer in force when it says that it was signed.",
    "key_retired": "The key that it names was retired before it says that it was signed.",
    "key_compromised": "The key is known to be in wrong hands, and no registry here knows this very certificate.",
    "key_usage": "The key may not sign certificates of this kind.",
}
_RECOGNITION_WORDS = {
    "authority_unknown": "{issuer} is not on the trust list.",
    "not_recognised": "{issuer} is known, but {words} of its own is not recognised here.",
    "recognition_ended": "Once {words} of {issuer} was recognised here; that has ended.",
    "recognition_not_begun": "It is not yet that {words} of {issuer} is recognised here.",
}


def _shown(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
