"""Reading a voter file as it comes: plain, .gz or .zip; any encoding and delimiter; in bounded memory."""
