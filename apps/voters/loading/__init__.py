"""Load a roll: parse rows into voters and write a snapshot's file and index, outside the app's database."""
