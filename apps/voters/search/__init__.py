"""Finding voters behind one seam: the embedded index, or a server."""
