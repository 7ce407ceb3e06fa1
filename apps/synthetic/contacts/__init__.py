"""Contact files of every dialect, made of people on the roll, their relatives, and people who are not on it."""
