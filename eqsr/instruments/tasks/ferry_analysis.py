"""A full search of a ferry puzzle: its shortest solutions, and how hard it is."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from eqsr.instruments.tasks.ferry_puzzle import Puzzle, State, crossings


@dataclass(frozen=True)
class Analysis:
    """The result of a full search.

    ``crossings``: length of the shortest solution; None if there is none. ``solutions``: how many
    shortest solutions there are. ``path``: one of them, as loads. ``detours``: crossings of the
    path that bring goods back; such steps away from the goal make a puzzle hard. ``branching``:
    mean number of allowed crossings along the path that do not just undo the last one. ``states``:
    how many states were reached.
    """

    crossings: int | None
    solutions: int = 0
    path: tuple[tuple[str, ...], ...] = ()
    detours: int = 0
    branching: float = 0.0
    states: int = 0


def analyse(puzzle: Puzzle) -> Analysis:
    """Breadth-first search through every reachable state, counting the shortest solutions.

    As it visits every state, it proves that a puzzle is solvable and its solution unique.
    """
    distance, ways = {puzzle.start: 0}, {puzzle.start: 1}
    cause: dict[State, tuple[State, int]] = {}
    queue = deque([puzzle.start])
    while queue:
        state = queue.popleft()
        for load, after in crossings(puzzle, state):
            if after not in distance:
                distance[after], ways[after] = distance[state] + 1, ways[state]
                cause[after] = (state, load)
                queue.append(after)
            elif distance[after] == distance[state] + 1:
                ways[after] += ways[state]
    if puzzle.end not in distance:
        return Analysis(None, states=len(distance))
    states, loads = _trace(puzzle, cause)
    choices = [
        sum(after != before for _, after in crossings(puzzle, state))
        for before, state in zip([None, *states], states, strict=False)
    ]
    return Analysis(
        crossings=distance[puzzle.end],
        solutions=ways[puzzle.end],
        path=tuple(puzzle.names(load) for load in loads),
        detours=sum(load > 0 for load in loads[1::2]),
        branching=sum(choices) / len(choices),
        states=len(distance),
    )


def _trace(
    puzzle: Puzzle, cause: Mapping[State, tuple[State, int]]
) -> tuple[list[State], list[int]]:
    states: list[State] = []
    loads: list[int] = []
    at = puzzle.end
    while at != puzzle.start:
        at, load = cause[at]
        states.insert(0, at)
        loads.insert(0, load)
    return states, loads
