"""Loading a roll: rows become voters, voters a snapshot's SQLite file and index, outside the application database."""
