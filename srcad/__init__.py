"""srcad: reverse-mode automatic differentiation of NumPy functions, from source to source.

The pipeline, one line a stage; `pipeline` calls them in this order:

    source      a function -> its text, as a tree whose nodes know their place
    syntax      the fence: what is refused, why, and what to write instead
    normalise   the tree -> a smaller language
    build       the tree and a signature -> the primal graph, typed
    analyses    which values lie between the arguments and the result
    adjoint     the primal graph -> the graph of its backward sweep: the chain rule
    optimise    the backward graph made lighter
    memory      what the forward sweep keeps, who owns what, results fresh and of the right type
    emit        both sweeps as Python text: the user's statements, and the equations in reverse
    load        text -> function
    cache       a call -> the function that was compiled for its kind of arguments
"""

from srcad import errors, rules
from srcad.api import GradFunction, grad, value_and_grad
from srcad.check import check_grads
from srcad.pullback import Pullback, vjp

__all__ = [
    "GradFunction",
    "Pullback",
    "check_grads",
    "errors",
    "grad",
    "rules",
    "value_and_grad",
    "vjp",
]
__version__ = "0.1.0"
