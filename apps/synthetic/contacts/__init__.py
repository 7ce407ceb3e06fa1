"""Write contact files of every dialect: people on the roll, their relatives, and people who are not on it."""
