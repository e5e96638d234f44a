"""The chain rule: a primal graph in, the graph of its backward sweep out."""
