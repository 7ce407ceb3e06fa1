"""Pages of staff, one module per subject."""
