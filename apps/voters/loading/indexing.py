"""Build the matching index while the roll is read: in this process for a small file, else in a second process.

The second process does not load Django: it receives rows through a pipe and returns the hash of each index.
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
    """Builds the indexes of any number of states; ends with `finish` or `abandon`.

    A voter is a plain tuple of a VoterRecord's fields without the status: it pickles twice as fast as a named tuple.
    """

    def add(self, state: str, folder: Path, voters: Sequence[tuple[str, ...]]) -> None:
        """Add a batch of one state's voters; the first batch creates the state's index in `folder`."""

    def start_finishing(self) -> None:
        """Start building keys: no voter follows."""

    def finish(self) -> BuiltIndexes:
        """Finish the indexes; return the hash and size of each. Raises Refused if building failed."""

    def abandon(self) -> None:
        """Stop, and remove partial files."""


class InProcessIndexing:
    """Builds in this process."""

    def __init__(self) -> None:
        self._builders: dict[str, IndexBuilder] = {}

    def add(self, state: str, folder: Path, voters: Sequence[tuple[str, ...]]) -> None:
        """Add a batch."""
        if state not in self._builders:
            self._builders[state] = IndexBuilder(folder, state=state)
        self._builders[state].add(VoterRecord(*fields) for fields in voters)

    def start_finishing(self) -> None:
        """Do nothing: `finish` does the work in this process."""

    def finish(self) -> BuiltIndexes:
        """Build the keys and write the manifests."""
        built = {}
        for state, builder in self._builders.items():
            builder.finish()
            built[state] = (open_index(builder.folder).snapshot, builder.voters)
        return built

    def abandon(self) -> None:
        """Remove partial files."""
        for builder in self._builders.values():
            builder.close()


class SubprocessIndexing:
    """Builds in a second process, so that parsing and indexing use a core each."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would share the database connection
        self._pipe, builder_end = context.Pipe()
        self._process = context.Process(target=run_builder, args=(builder_end,), daemon=True, name="roll-index")
        self._process.start()
        builder_end.close()

    def add(self, state: str, folder: Path, voters: Sequence[tuple[str, ...]]) -> None:
        """Send a batch; blocks while the builder is busy."""
        self._send(("add", state, str(folder), list(voters)))

    def _send(self, message: Any) -> None:
        try:
            self._pipe.send(message)
        except OSError as error:
            raise Refused(self._reason()) from error

    def _reason(self) -> str:
        """Return the builder's error message, or a general one if it sent none."""
        try:
            if self._pipe.poll(5):
                kind, payload = self._pipe.recv()
                if kind == "failed":
                    return str(payload)
        except (EOFError, OSError):
            pass
        return "The process that builds the index ended early. Check memory and disk space, and load again."

    def start_finishing(self) -> None:
        """Start building keys in the second process while this one continues."""
        self._send(("finish",))

    def finish(self) -> BuiltIndexes:
        """Wait for the builder; return the hash and size of each index."""
        try:
            kind, payload = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise Refused(self._reason()) from error
        if kind == "failed":
            raise Refused(str(payload))
        self._process.join()
        built: BuiltIndexes = payload
        return built

    def abandon(self) -> None:
        """Close the pipe, on which the builder removes partial files, and end the process."""
        self._pipe.close()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _build_from_pipe(indexing: InProcessIndexing, pipe: Connection) -> None:
    while (message := pipe.recv())[0] != "finish":
        _, state, folder, rows = message
        indexing.add(state, Path(folder), rows)
    pipe.send(("built", indexing.finish()))


def run_builder(pipe: Connection) -> None:
    """Run in the second process until the finish message or the end of the pipe."""
    indexing = InProcessIndexing()
    try:
        with no_cycles():
            _build_from_pipe(indexing, pipe)
    except EOFError:
        pass  # the load was abandoned
    except MatchingError as error:
        _send_failure(pipe, str(error))
    except OSError as error:
        _send_failure(pipe, f"The index cannot be written: {error.strerror}. Free space under DATA_DIR.")
    finally:
        indexing.abandon()


def _send_failure(pipe: Connection, reason: str) -> None:
    with suppress(OSError):  # the loading process may have ended on the same full disk
        pipe.send(("failed", reason))
