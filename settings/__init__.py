"""Settings by environment variables; imports no app code (a contract test holds it to that)."""
