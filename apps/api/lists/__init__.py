"""Partners' lists: handed in by a program, approved by the owner with a purpose, answered in parts."""
