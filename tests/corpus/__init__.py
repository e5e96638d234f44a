"""Small functions with one idea each: the function's name is the id, its docstring the reason."""
