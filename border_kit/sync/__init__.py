"""Keeping a far office fresh, and not to be fooled: publishing, following, sticks (The Update Framework)."""
