"""Casework: what was checked and decided, provably."""
