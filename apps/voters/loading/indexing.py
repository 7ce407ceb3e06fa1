"""Building the matching index while the roll is read: in this process for a small file, else in one beside it.

The process beside knows no Django: it gets rows through a pipe and gives back the hash of each index.
"""

import multiprocessing
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from apps.core.errors import Refused
from apps.matching import IndexBuilder, MatchingError, VoterRecord, open_index
from apps.matching.gc import no_cycles

BuiltIndexes = dict[str, tuple[str, int]]  # state -> hash of the index, number of voters in it


class Indexing(Protocol):
    """Takes voters of any number of states; ends with `finish` or `abandon`.

    A voter is a plain tuple of a VoterRecord's first fields: it pickles in half the time of a named one.
    """

    def add(self, state: str, folder: Path, voters: Sequence[tuple[str, ...]]) -> None:
        """Take a batch of one state's voters; the first makes the state's index in `folder`."""

    def start_finishing(self) -> None:
        """Say that no voter follows."""

    def finish(self) -> BuiltIndexes:
        """Return what was built."""

    def abandon(self) -> None:
        """Give up; nothing half-built stays."""


class InProcessIndexing:
    """Builds in this process."""

    def __init__(self) -> None:
        self._builders: dict[str, IndexBuilder] = {}

    def add(self, state: str, folder: Path, voters: Sequence[tuple[str, ...]]) -> None:
        """Take a batch."""
        if state not in self._builders:
            self._builders[state] = IndexBuilder(folder, state=state)
        self._builders[state].add(VoterRecord(*fields) for fields in voters)

    def start_finishing(self) -> None:
        """Nothing to say to oneself."""

    def finish(self) -> BuiltIndexes:
        """Make the keys and write the manifests."""
        built = {}
        for state, builder in self._builders.items():
            builder.finish()
            built[state] = (open_index(builder.folder).snapshot, builder.voters)
        return built

    def abandon(self) -> None:
        """Remove what was written."""
        for builder in self._builders.values():
            builder.close()


class SubprocessIndexing:
    """Builds in a second process, so that parsing and indexing use a core each."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would share the database connection
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=run_builder, args=(theirs,), daemon=True, name="roll-index")
        self._process.start()
        theirs.close()

    def add(self, state: str, folder: Path, voters: Sequence[tuple[str, ...]]) -> None:
        """Send a batch; waits while the builder is behind."""
        self._send(("add", state, str(folder), list(voters)))

    def _send(self, message: Any) -> None:
        try:
            self._pipe.send(message)
        except OSError as error:
            raise Refused(self._reason()) from error

    def _reason(self) -> str:
        """Return what the builder said before it ended, if it could."""
        try:
            if self._pipe.poll(5):
                kind, said = self._pipe.recv()
                if kind == "failed":
                    return str(said)
        except (EOFError, OSError):
            pass
        return "The process that builds the index ended before its work. Look at memory and disk, and load again."

    def start_finishing(self) -> None:
        """Let the builder make its keys while this process goes on."""
        self._send(("finish",))

    def finish(self) -> BuiltIndexes:
        """Wait for the builder."""
        try:
            kind, said = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise Refused(self._reason()) from error
        if kind == "failed":
            raise Refused(str(said))
        self._process.join()
        built: BuiltIndexes = said
        return built

    def abandon(self) -> None:
        """End the builder; it removes what it wrote when the pipe closes."""
        self._pipe.close()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _build_from_pipe(here: InProcessIndexing, pipe: Connection) -> None:
    while (message := pipe.recv())[0] != "finish":
        _, state, folder, rows = message
        here.add(state, Path(folder), rows)
    pipe.send(("built", here.finish()))


def run_builder(pipe: Connection) -> None:
    """Run the builder's process until it is told to finish, or until whoever feeds it is gone."""
    here = InProcessIndexing()
    try:
        with no_cycles():
            _build_from_pipe(here, pipe)
    except EOFError:
        pass  # the load gave up
    except MatchingError as error:
        _send_failure(pipe, str(error))
    except OSError as error:
        _send_failure(pipe, f"The index cannot be written: {error.strerror}. Make room under DATA_DIR.")
    finally:
        here.abandon()


def _send_failure(pipe: Connection, reason: str) -> None:
    with suppress(OSError):  # whoever feeds it met the full disk first, and is gone
        pipe.send(("failed", reason))
