"""What a trust list may contain: shared by those who build one and those who sign."""

from __future__ import annotations

DEMO_ISSUER = "XA/DEMO-01"
"""The issuer of demonstration certificates, whose key everybody has."""


def is_demo_issuer(authority: str) -> bool:
    """Whether an authority is one that only a demo may contain: its office begins with DEMO."""
    return authority.partition("/")[2].startswith("DEMO")
