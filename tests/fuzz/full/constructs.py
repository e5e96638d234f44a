"""Which constructs of the language a program holds, and whether active values take part in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

CONSTRUCTS: dict[str, str] = {
    "for over range": r"\bfor \w+ in range\(",
    "for over an array": r"\bfor \w+ in \w+(\[::-1\])?:",
    "for over a list or tuple": r"\bfor \w+ in [\[(]",
    "for over dict items": r"\bfor .* in \w+\.(items|values)\(\):",
    "enumerate": r"\bfor .* in enumerate\(",
    "zip": r"\bfor .* in zip\(",
    "reversed": r"\breversed\(",
    "while": r"^ *while ",
    "loop else": r"^ *else:  # loop",
    "nested loops": r"^        +(for|while) ",
    "break": r"\bbreak\b",
    "continue": r"\bcontinue\b",
    "early return": r"^ {8,}return ",
    "if": r"^ *if .*:",
    "short circuit": r"\b(and|or)\b",
    "chained comparison": r" < .* <= ",
    "conditional expression": r"\(.* if .* else ",
    "walrus": r":=",
    "tuple assignment": r"^ *\w+, \w+(, \w+)* = ",
    "starred": r"\*\w+ = ",
    "chain": r"^ *\w+ = \w+ = ",
    "swap": r"^ *(\w+), (\w+) = \2, ",
    "del": r"^ *del ",
    "annotated": r"^ *\w+: float = ",
    "item assigned": r"^ *\w+\[[-\w% ]+(, [-\w% ]+)?\] = ",
    "item augmented": r"^ *\w+\[[-\w% ]+(, [-\w% ]+)?\] [-+*]= ",
    "slice assigned": r"^ *\w+\[[^\]]*:[^\]]*\] = ",
    "slice augmented": r"^ *\w+\[[^\]]*:[^\]]*\] [-+*]= ",
    "mask assigned": r"^ *\w+\[(\w+ [<>] .*|mask\d+)\] [-+*]?= ",
    "fancy assigned": r"^ *\w+\[\[.*\]\] [-+*]?= ",
    "np.add.at": r"np\.add\.at\(",
    "out=": r"\bout=",
    "fill": r"\.fill\(",
    "copyto": r"np\.copyto\(",
    "fill_diagonal": r"np\.fill_diagonal\(",
    "put": r"np\.put\(",
    "sort": r"\.sort\(\)",
    "overlapping store": r"^ *(\w+)\[[^\]]*:[^\]]*\] \+?= .*\1\[[^\]]*:",
    "view written": r"^ *view\d+",
    "reshape written": r"^ *view\d+ = base\d+\.",
    "transpose written": r"\.T\[\.\.\.\] = |^ *view\d+ = \w+\.T",
    "diagonal view written": r"np\.einsum\('ii->i'.*\)\[\.\.\.\] = ",
    "flat written": r"\.flat\[\d+\] = ",
    "alias written": r"^ *same\d+\[",
    "elements swapped": r"^ *(\w+)\[0\], \1\[|^ *t\d+ = \w+\[0\]",
    "built by items": r"^ *built\d+\[p\] = ",
    "list append": r"\.append\(",
    "list pop": r"\.pop\(",
    "list insert": r"\.insert\(",
    "list item assigned": r"^ *items\d+\[-?\d\] = ",
    "dict by key": r"^ *\w+\['\w'\] = ",
    "ping-pong": r"^ *(u\d+), (v\d+) = \2, \1",
    "helper writes": r"^ +(rescale|shift|smooth|fill_from|damp)\(",
    "star args": r"\bgathered\(|\bforwarded\(",
    "star kwargs": r"\bnamed\(|\bforwarded\(",
    "keyword argument": r"\w\(.*\bk=",
    "recursion": r"\bpowered\(",
    "nested def": r"^ {4,}def ",
    "lambda": r"\blambda\b",
    "function argument": r"\bapplied\(",
    "partial": r"\bhalved\(|functools\.partial\(",
    "decorated helper": r"\bdoubled\(|\bnoted\(",
    "method or callable object": r"\bLAYER|\bGATE|\bGate\(",
    "closure made by a helper": r"\bscaler\(",
    "container argument": r"\brecord\.\w|\b[xyw]\['[wb]'\]|\b[xyw]\[\d\]\[\d",
    "named tuple": r"\bPair\(",
    "dataclass": r"\bRecord\(",
    "list comprehension": r"\[.* for \w+(, \w+)? in ",
    "dict comprehension": r"\{.*: .* for ",
    "sum, max, min, abs": r"(?<![.\w])(sum|max|min|abs|pow)\(",
    "with": r"^ *with ",
    "assert": r"^ *assert ",
    "raise": r"^ *raise |^ *if .*> 100\.0:",
    "print": r"\bprint\(",
    "logging": r"\blogger\.",
    "f-string": r"\bf'",
    "import": r"^ +import ",
    "try": r"^ *try:",
    "math": r"\bmath\.",
    "float, int or item": r"\bfloat\(|\bint\(|\.item\(",
    "isinstance": r"\basked\(",
}
WITHOUT_VALUES = {"break", "continue", "import", "try"}
"""Constructs that read no active values: they count as active where they are."""


def constructs_of(text: str) -> dict[str, bool]:
    """Each construct that the text holds, and whether its lines read an active name."""
    lines = text.splitlines()
    active = active_names(lines)
    found: dict[str, bool] = {}
    for number, line in enumerate(lines):
        reads = bool(active & set(re.findall(r"[A-Za-z_]\w*", block_of(lines, number))))
        for name, pattern in CONSTRUCTS.items():
            if re.search(pattern, line):
                reads_here = reads or name in WITHOUT_VALUES
                found[name] = found.get(name, False) or reads_here
    return found


def block_of(lines: list[str], number: int) -> str:
    """A line, and those that stand indented below it."""
    indent = len(lines[number]) - len(lines[number].lstrip())
    end = number + 1
    while end < len(lines) and lines[end].startswith(" " * (indent + 1)):
        end += 1
    return "\n".join(lines[number:end])


def active_names(lines: list[str]) -> set[str]:
    """The names that depend on parameters of functions, by whichever way through the lines."""
    active: set[str] = set()
    for line in lines:
        header = re.match(r" *def \w+\((.*)\):", line)
        if header:
            active |= set(re.findall(r"(?:^|[ *])([A-Za-z_]\w*)", header[1])) - {"n"}
    before = -1
    while len(active) != before:
        before = len(active)
        for line in lines:
            loop = re.match(r" *for (.*?) in (.*):", line)
            bound = re.match(r" *([^=]*?)(?:: float)? [-+*/]?= (.*)", line)
            for match in (loop, bound):
                if match and active & set(re.findall(r"[A-Za-z_]\w*", match[2])):
                    active |= set(re.findall(r"[A-Za-z_]\w*", match[1]))
            for name, value in re.findall(r"\((\w+) := (.*)", line):
                if active & set(re.findall(r"[A-Za-z_]\w*", value)):
                    active.add(name)
    return active - {"np", "math", "range", "len", "enumerate", "zip", "p", "q", "i", "j", "k"}


def coverage(texts: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """In how many programs each construct occurs, and in how many it is active."""
    occurs, active = Counter[str](), Counter[str]()
    for text in texts:
        for name, is_active in constructs_of(text).items():
            occurs[name] += 1
            active[name] += is_active
    return occurs, active
