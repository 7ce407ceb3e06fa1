"""Pages of contacts, visible to their owner only: to anyone else they do not exist (404)."""
