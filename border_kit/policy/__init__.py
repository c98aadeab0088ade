"""Policy: from findings to a lane and an advice, by a profile that is data."""
