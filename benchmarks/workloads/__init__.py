"""The functions that are timed, one kind a file.

Each file holds the plain function, `WRT` (the arguments that it is differentiated by), two
gradients written by hand, and `make_inputs`. `line_by_line` is what a careful person writes who
differentiates statement after statement: a saved value is used where it helps, nothing is computed
twice, constants are gathered, but no statement's derivative knows of another's. `expert` also uses
the mathematics of the whole, and works in place. Line by line is written in the function's own style:
a loop over elements stays one. Both were written before srcad was timed against them.
"""
