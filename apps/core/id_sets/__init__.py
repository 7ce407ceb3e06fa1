"""Sets of ids with set algebra, behind one seam: SQL tables, or Redis. Never the truth; rebuilt at any time."""
