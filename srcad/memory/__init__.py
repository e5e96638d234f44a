"""What the sweeps keep and who owns it: references settled, additions in place, results fresh."""
