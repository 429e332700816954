"""Where the books are kept: in memory, or in a database."""
