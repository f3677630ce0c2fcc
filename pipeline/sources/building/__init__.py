"""Real Jekyll, run on a tree that nobody trusts: found, locked in, told apart from what it says.

`build_tree` gives what Jekyll wrote and, file by file, what it could not write. Nothing of the tree
is executed: plugins come from an allow-list of gems that the system has, never from the tree.
"""

from pipeline.sources.building.build import Building, Built, build_tree
from pipeline.sources.building.codes import BuildCode
from pipeline.sources.building.jekyll import Jekyll, find_jekyll
from pipeline.sources.building.limits import DEFAULT_BUILD_LIMITS, BuildLimits

__all__ = [
    "DEFAULT_BUILD_LIMITS",
    "BuildCode",
    "BuildLimits",
    "Building",
    "Built",
    "Jekyll",
    "build_tree",
    "find_jekyll",
]
