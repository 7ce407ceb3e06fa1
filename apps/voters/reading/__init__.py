"""Reading a voter file as it comes: plain, .gz or .zip; any encoding and delimiter; row by row, in bounded memory."""
