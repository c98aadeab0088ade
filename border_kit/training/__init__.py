"""Training: scenarios run on the officer's own engines, with fictional overlays that never meet live data."""
