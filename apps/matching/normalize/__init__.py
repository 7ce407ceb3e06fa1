"""Normal forms of addresses, names and dates, from input and files. Imports neither Django nor a voter roll."""
