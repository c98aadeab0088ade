"""Classes: signed packs out on a stick, signed results back, and what they say of learners and class."""
