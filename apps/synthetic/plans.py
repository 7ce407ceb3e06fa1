"""Draw counties and district plans: contiguous groups of precinct cells."""

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from apps.synthetic.mesh import Mesh
from apps.synthetic.outline import Floats

Labels = NDArray[np.int64]


def counties(mesh: Mesh, seats: Floats, rng: np.random.Generator) -> Labels:
    """Assign every cell to the nearest seat over land at uneven cost, so that counties stay contiguous."""
    near = mesh.neighbours(ferries=False)
    going = rng.uniform(0.7, 1.4, len(mesh.cells))
    start = [int(np.hypot(*(mesh.centres - seat).T).argmin()) for seat in seats]
    county = np.full(len(mesh.cells), -1, np.int64)
    heap = [(0.0, cell, number) for number, cell in enumerate(start)]
    while heap:
        far, cell, number = heapq.heappop(heap)
        if county[cell] >= 0:
            continue
        county[cell] = number
        for other in near[cell]:
            if county[other] < 0:
                step = float(np.hypot(*(mesh.centres[cell] - mesh.centres[other]))) * going[other]
                heapq.heappush(heap, (far + step, other, number))
    return county


def plan(mesh: Mesh, people: Floats, count: int, rng: np.random.Generator) -> Labels:
    """Divide the state into `count` districts of about the same number of people (`people` is per cell)."""
    return _divide(mesh, people, np.arange(len(mesh.cells)), count, rng)


def redraw(mesh: Mesh, people: Floats, old: Labels, home: int, count: int, rng: np.random.Generator) -> Labels:
    """Return a later plan: the district of cell `home` and `count` - 1 around it are redrawn, the rest stay.

    The new districts inherit the numbers of those they overlap most, but `home` always changes its number.
    """
    around = _around(mesh, old, int(old[home]), count)
    cells = np.flatnonzero(np.isin(old, around))
    part = _divide(mesh, people, cells, len(around), rng)[cells]
    number = _inherit(old[cells], part, people[cells], around)
    here = int(part[np.flatnonzero(cells == home)[0]])
    if number[here] == old[home]:
        other = next(key for key in number if key != here)
        number[here], number[other] = number[other], number[here]
    new = old.copy()
    new[cells] = [number[int(p)] for p in part]
    return new


def _divide(mesh: Mesh, people: Floats, cells: Labels, count: int, rng: np.random.Generator) -> Labels:
    """Return `count` compact groups of `cells`, numbered from 0; cells outside get -1."""
    member = np.zeros(len(mesh.cells), bool)
    member[cells] = True
    near = [[n for n in row if member[n]] for row in mesh.neighbours()]
    label = np.full(len(mesh.cells), -1, np.int64)
    parts = [(cells, 0, count)]
    while parts:
        group, first, size = parts.pop()
        if size == 1:
            label[group] = first
        else:
            low, high = _split(mesh, people, group, size // 2, size, rng)
            parts += [(low, first, size // 2), (high, first + size // 2, size - size // 2)]
    _make_whole(label, near, people, count)
    _even(label, people, near, count)
    return label


def _split(
    mesh: Mesh, people: Floats, group: Labels, part: int, size: int, rng: np.random.Generator
) -> tuple[Labels, Labels]:
    """Cut a group by the shortest straight line that splits its people `part` to `size` - `part`."""
    best: tuple[float, Labels, Labels] | None = None
    inside = np.isin(mesh.pairs, group).all(axis=1)
    pairs, shared = mesh.pairs[inside], mesh.shared[inside]
    for angle in rng.uniform(0, np.pi, 1) + np.arange(12) * np.pi / 12:
        order = group[(mesh.centres[group] @ (np.cos(angle), np.sin(angle))).argsort(kind="stable")]
        filled = np.cumsum(people[order])
        cut = int(np.searchsorted(filled, filled[-1] * part / size)) + 1
        cut = min(max(cut, part), len(group) - (size - part))
        low, high = order[:cut], order[cut:]
        length = float(shared[np.isin(pairs, low).sum(axis=1) == 1].sum())
        if best is None or length < best[0]:
            best = (length, low, high)
    if best is None or not len(best[2]):
        raise ValueError(f"{len(group)} cells are too few for {size} districts")
    return best[1], best[2]


def _make_whole(label: Labels, near: Sequence[Sequence[int]], people: Floats, count: int) -> None:
    """Keep the most populous component of every group; assign its other cells one by one to adjacent groups."""
    loose: list[int] = []
    for group in range(count):
        pieces = _pieces(np.flatnonzero(label == group).tolist(), near)
        pieces.sort(key=lambda piece: (-float(people[piece].sum()), piece[0]))
        loose.extend(cell for piece in pieces[1:] for cell in piece)
    label[loose] = -2
    while loose:
        rest = []
        for cell in loose:
            groups = [int(label[n]) for n in near[cell] if label[n] >= 0]
            if groups:
                label[cell] = max(set(groups), key=lambda g: (groups.count(g), -g))
            else:
                rest.append(cell)
        if len(rest) == len(loose):
            raise ValueError("a group of cells borders on nothing: the mesh is not in one piece")
        loose = rest


def _pieces(cells: Sequence[int], near: Sequence[Sequence[int]]) -> list[list[int]]:
    left, found = set(cells), []
    for cell in cells:
        if cell not in left:
            continue
        left.discard(cell)
        piece, queue = [cell], [cell]
        while queue:
            for n in near[queue.pop()]:
                if n in left:
                    left.discard(n)
                    piece.append(n)
                    queue.append(n)
        found.append(sorted(piece))
    return found


def _even(label: Labels, people: Floats, near: Sequence[Sequence[int]], count: int) -> None:
    """Move border cells from fuller to emptier neighbors while shapes stay compact and contiguous."""
    total = np.bincount(label[label >= 0], weights=people[label >= 0], minlength=count)
    slack = 0.05 * total.sum() / count
    for _ in range(20):
        moved = False
        for cell in np.flatnonzero(label >= 0).tolist():
            mine = int(label[cell])
            around = [int(label[n]) for n in near[cell]]
            others = {g for g in around if g != mine and around.count(g) >= around.count(mine)}
            if not others:
                continue
            best = min(others, key=lambda g: (total[g], g))
            gain = total[mine] - total[best] - people[cell]
            if gain > slack and _stays_whole(label, near, cell, mine):
                label[cell] = best
                total[mine] -= people[cell]
                total[best] += people[cell]
                moved = True
        if not moved:
            return


def _stays_whole(label: Labels, near: Sequence[Sequence[int]], cell: int, group: int) -> bool:
    """Return whether `group` stays connected without `cell`."""
    kin = [n for n in near[cell] if label[n] == group]
    if not kin:
        return False
    seen, queue = {cell, kin[0]}, [kin[0]]
    while queue:
        for n in near[queue.pop()]:
            if n not in seen and label[n] == group:
                seen.add(n)
                queue.append(n)
    return all(k in seen for k in kin)


def _around(mesh: Mesh, label: Labels, middle: int, count: int) -> list[int]:
    """Return `middle` and the nearest adjacent districts around it, `count` in all."""
    touching: dict[int, dict[int, float]] = {}
    for (a, b), length in zip(mesh.pairs.tolist(), mesh.shared.tolist(), strict=True):
        one, two = int(label[a]), int(label[b])
        if one != two:
            for x, y in ((one, two), (two, one)):
                touching.setdefault(x, {}).setdefault(y, 0.0)
                touching[x][y] += length
    chosen = [middle]
    while len(chosen) < count:
        border: dict[int, float] = {}
        for one in chosen:
            for other, length in touching.get(one, {}).items():
                if other not in chosen:
                    border[other] = border.get(other, 0.0) + length
        if not border:
            break
        chosen.append(max(border, key=lambda g: (border[g], -g)))
    return sorted(chosen)


def _inherit(old: Labels, part: Labels, people: Floats, numbers: Sequence[int]) -> dict[int, int]:
    """Match new groups to old numbers, largest overlap of people first."""
    overlap = sorted(
        (-float(people[(part == g) & (old == n)].sum()), g, n) for g in range(len(numbers)) for n in numbers
    )
    number: dict[int, int] = {}
    for _, group, old_number in overlap:
        if group not in number and old_number not in number.values():
            number[group] = old_number
    return number
