"""Pages of a member's own registration, the letters that staff print, and suppression requests."""
