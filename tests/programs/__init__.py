"""Small programs, one idea each, for every row of the language; and functions from typed text."""

from tests.programs.text import MARK, compiled, define, marked, remember, run

__all__ = ["MARK", "compiled", "define", "marked", "remember", "run"]
