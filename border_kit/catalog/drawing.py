"""How a drawing on a licence counts, for whoever adds drawings up.

The signs follow the usage lines that UK customs reports to the licensing authority (CHIEF licence usage): O original, L late
and M additional take from the licence, A adjusted takes what it states (a negative one gives back), C contra gives back.
"""

from __future__ import annotations

from decimal import Decimal

TYPES = ("O", "A", "C", "L", "M")


def signed(amount: Decimal | None, kind: str) -> Decimal:
    """What a drawing takes from the balance (negative: gives back). An unknown kind counts like an original."""
    if amount is None:
        return Decimal(0)
    return amount.copy_abs().copy_negate() if kind.upper() == "C" else amount


def fold_number(number: str) -> str:
    """A licence number as it is looked up: letters and digits alone, in capitals (`GBSIEL/2020/1` is `GBSIEL20201`)."""
    return "".join(char for char in number.upper() if char.isalnum())
