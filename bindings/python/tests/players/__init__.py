"""What plays a vector: reading and comparing it, and a player for each kind of conversation."""
