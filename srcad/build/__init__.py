"""A tree and a signature in, the primal graph and the listing of its statements out."""

from srcad.build.builder import Primal, build

__all__ = ["Primal", "build"]
