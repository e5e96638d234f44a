"""Questions about a graph: a graph in, a set or a dict out; nothing is changed."""
