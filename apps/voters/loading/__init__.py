"""Loading a roll: rows become voters, voters a snapshot's own file and index, outside the app's database."""
