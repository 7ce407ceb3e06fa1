"""Pages of contacts; each of them is its owner's only, to anybody else it does not exist."""
