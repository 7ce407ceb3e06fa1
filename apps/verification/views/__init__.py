"""Pages of a member's own registration, and the letters that staff print."""
