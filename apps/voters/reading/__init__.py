"""Read voter files: plain, .gz or .zip, any encoding and delimiter, in bounded memory."""
