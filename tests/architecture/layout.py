"""Reads the code's imports from its text; the tests beside this file use it."""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "eqsr").rglob("*.py"))

# Folders whose subfolders are rooms.
GROUPS = ("extras", "screens")


def name(path: Path) -> str:
    """Return the path below eqsr/, such as ``outbox/queue.py``."""
    return path.relative_to(ROOT / "eqsr").as_posix()


def dotted(path: Path) -> str:
    """Return the module name, such as ``eqsr.outbox.queue``; for an __init__.py, the package's."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(path: Path) -> frozenset[str]:
    """Return every module that the file imports, at any level of its code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def packages(path: Path) -> set[str]:
    """Return the top-level packages that the file imports."""
    return {module.split(".")[0] for module in imports(path)}


@cache
def our_modules() -> frozenset[str]:
    return frozenset(map(dotted, MODULES))


def ours(path: Path) -> set[str]:
    """Return the modules of this project that the file imports, without itself."""
    return {one for one in imports(path) & our_modules() if one != dotted(path)}


def where(wrong: Callable[[Path], bool], among: Iterable[Path] = MODULES) -> list[str]:
    """Return the modules for which the condition holds."""
    return [name(path) for path in among if wrong(path)]


def room_of(module: str) -> str:
    """Return the room of a module: ``eqsr.outbox.queue`` -> ``outbox``;
    ``eqsr.extras.help.views`` -> ``extras.help``; a module directly in eqsr -> ``eqsr``.
    """
    parts = module.split(".")[1:]
    if not parts:
        return "eqsr"
    if parts[0] in GROUPS and len(parts) > 1:
        return ".".join(parts[:2])
    return parts[0]


def is_page(module: str) -> bool:
    """Whether the module is a view, a form, the webhooks' fast path or in web/.

    These lie above all rooms and may import from any.
    """
    return module.rpartition(".")[2] in (
        "views",
        "forms",
        "pages",
        "fast_path",
    ) or module.startswith("eqsr.web.")


def room_graph(layer: Callable[[str], str | None] = lambda module: None) -> dict[str, set[str]]:
    """Return the graph: room -> the rooms that it imports.

    ``layer`` names the layer of those modules that are counted separately from their room.
    """
    graph: dict[str, set[str]] = defaultdict(set)
    for path in MODULES:
        here = layer(dotted(path)) or room_of(dotted(path))
        for module in ours(path):
            there = layer(module) or room_of(module)
            if there != here:
                graph[here].add(there)
    return graph


def knots(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the groups of rooms that import each other in a loop.

    These are the strongly connected components with more than one room (Tarjan's algorithm).
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []

    def visit(room: str) -> Iterator[list[str]]:
        index[room] = low[room] = len(index)
        stack.append(room)
        for other in graph.get(room, ()):
            if other not in index:
                yield from visit(other)
                low[room] = min(low[room], low[other])
            elif other in stack:
                low[room] = min(low[room], index[other])
        if low[room] == index[room]:
            at = stack.index(room)
            yield stack[at:]
            del stack[at:]

    found = [knot for room in list(graph) if room not in index for knot in visit(room)]
    return [sorted(knot) for knot in found if len(knot) > 1]
