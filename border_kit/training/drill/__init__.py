"""Drill: cards that come back when they are about to be forgotten, with their history kept for each learner."""
