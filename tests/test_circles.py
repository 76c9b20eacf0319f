"""No module imports one that imports it.

import-linter's contract looks at siblings; this looks at packages and what is inside them too.
"""

from __future__ import annotations

from graphlib import TopologicalSorter

import grimp


def test_no_imports_in_a_circle() -> None:
    graph = grimp.build_graph("syndicate", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imports).prepare()  # raises CycleError, which lists the circle
