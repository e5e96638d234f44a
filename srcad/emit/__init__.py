"""From the user's statements and a graph to readable Python: what to write, and how to write it."""
