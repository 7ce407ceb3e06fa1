"""Pages of staff, a module a room."""
