"""How much processor time each part of the system used: the server, PostgreSQL, Valkey, the load.

Read from /proc, so only for servers on this machine; a part that is elsewhere counts nothing.
"""

import os
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of(processes: Iterable[int]) -> float:
    """Return the processor time, user and system, that these processes have used so far."""
    return sum(map(_seconds, processes))


def _seconds(process: int) -> float:
    fields = _stat(process)
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def family_of(ancestor: int) -> list[int]:
    """Return a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [ancestor]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children.get(process, [])
    return found


def parent_of(process: int) -> int | None:
    """Return the parent of a process on this machine; None when there is no such process."""
    fields = _stat(process)
    return int(fields[1]) if fields else None


def _stat(process: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on (the third), or nothing."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text[text.rindex(")") + 2 :].split()
