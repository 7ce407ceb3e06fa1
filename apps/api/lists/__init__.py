"""Partners' lists: submitted by a program, approved by the owner for a purpose, matched in parts."""
