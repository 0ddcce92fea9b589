// Replaced by the room itself.
