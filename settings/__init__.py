"""Settings from environment variables; imports no app code (a contract test enforces it)."""
