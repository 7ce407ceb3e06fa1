"""The tiles of the staff home page. Each app registers its own; the page knows only this registry."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.core.roles import may
from apps.core.types import StrOrPromise


@dataclass(frozen=True)
class DashboardTile:
    """A count that needs attention, and the page where staff handle it."""

    roles: tuple[str, ...]
    title: StrOrPromise
    count: Callable[[], int]
    url_name: str
    args: tuple[str, ...] = ()
    oldest: Callable[[], datetime | None] | None = None
    promise: timedelta | None = None


_tiles: list[DashboardTile] = []


def register_tile(
    role: str | Iterable[str],
    title: StrOrPromise,
    count: Callable[[], int],
    url_name: str,
    *,
    args: Iterable[str] = (),
    oldest: Callable[[], datetime | None] | None = None,
    promise_hours: int | None = None,
) -> None:
    """Register a tile; call from AppConfig.ready. With `oldest` and `promise_hours` the page shows what is overdue."""
    roles = (role,) if isinstance(role, str) else tuple(role)
    promise = timedelta(hours=promise_hours) if promise_hours else None
    _tiles.append(DashboardTile(roles, title, count, url_name, tuple(args), oldest, promise))


def for_user(user: object) -> list[DashboardTile]:
    """Return the tiles of the user's role, in order of registration."""
    return [tile for tile in _tiles if may(user, *tile.roles)]
