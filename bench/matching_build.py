"""Build an index from a roll's CSV in its own process, so that its peak memory is the build's alone."""

import json
import resource
import sys
import time
from pathlib import Path

from apps.matching import IndexBuilder
from bench.matching_roll import read_roll

if __name__ == "__main__":
    roll, folder = Path(sys.argv[1]), Path(sys.argv[2])
    start = time.perf_counter()
    with IndexBuilder(folder, "ZZ") as builder:
        builder.add(read_roll(roll))
        added = time.perf_counter() - start
        builder.finish()
    seconds = time.perf_counter() - start
    print(
        json.dumps(
            {
                "voters": builder.voters,
                "seconds": round(seconds, 1),
                "cpu_seconds": round(time.process_time(), 1),
                "first_pass_seconds": round(added, 1),
                "voters_per_second": round(builder.voters / seconds),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "index_mb": sum(f.stat().st_size for f in folder.iterdir()) >> 20,
            }
        )
    )
