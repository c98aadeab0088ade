"""What each kind of certificate must be like: one pipeline, another row of this table.

`licence` is ours (docs/authority.md). `hcert` is the Electronic Health Certificate of the EU Digital COVID Certificate
(eHealth Network, "Electronic Health Certificate Specification" 1.0.5), whose tools and test data are public.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from border_kit.certificates import cbor, cose
from border_kit.certificates.cbor import Rules
from border_kit.certificates.cose import Shape

ProfileName = Literal["licence", "hcert"]

LICENCE_TYP = "application/licence+cwt"
STATUS_LIST_TYP = "application/statuslist+cwt"
"""Token Status List (IETF OAuth), section 5.2."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules of one kind of certificate.

    `window` says at which moment a key's window is judged: that of signing, or that of the check. `usages` are extended key
    usages by what the certificate is about: a key that names any of them signs nothing else.
    """

    name: ProfileName
    prefix: str
    rules: Rules
    shape: Shape
    typ: str | None
    kid_length: int | None
    window: Literal["signing", "now"]
    licence_claims: bool
    usages: tuple[tuple[str, frozenset[str]], ...] = ()
    max_characters: int = 4_296
    max_inflated: int = 65_536


LICENCE = Profile(
    name="licence",
    prefix="CL1:",
    rules=cbor.STRICT,
    shape=Shape(
        tags=frozenset({(cose.SIGN1_TAG,)}),
        algorithms=frozenset({"ES256", "EdDSA"}),
        unprotected_others=False,
        only_labels=frozenset({cose.ALG, cose.KID, cose.TYP}),
        crit=False,
    ),
    typ=LICENCE_TYP,
    kid_length=8,
    window="signing",
    licence_claims=True,
)

HCERT = Profile(
    name="hcert",
    prefix="HC1:",
    rules=cbor.LENIENT,
    shape=Shape(
        tags=frozenset({(cose.SIGN1_TAG,), (cose.CWT_TAG, cose.SIGN1_TAG), ()}),
        algorithms=frozenset({"ES256", "PS256"}),
        unprotected_algorithm=True,
    ),
    typ=None,
    kid_length=None,
    window="now",
    licence_claims=False,
    # eHealth Network, "Technical Specifications for EU Digital COVID Certificates" vol. 1, annex on key usage: the second
    # number is how certificates in the field write the same arc.
    usages=(
        ("t", frozenset({"1.3.6.1.4.1.1847.2021.1.1", "1.3.6.1.4.1.0.1847.2021.1.1"})),
        ("v", frozenset({"1.3.6.1.4.1.1847.2021.1.2", "1.3.6.1.4.1.0.1847.2021.1.2"})),
        ("r", frozenset({"1.3.6.1.4.1.1847.2021.1.3", "1.3.6.1.4.1.0.1847.2021.1.3"})),
    ),
)

PROFILES: dict[str, Profile] = {profile.name: profile for profile in (LICENCE, HCERT)}
