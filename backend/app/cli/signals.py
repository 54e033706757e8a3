"""Ctrl-C, a closed terminal and a stop request mean the same: stop cleanly, with exit code 0.

The terminal sends its signals to every process of the foreground group. Here they are blocked,
which the processes we start inherit, and handed to the main thread alone as SIGTERM; so we decide
in which order things stop.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from types import FrameType

FROM_TERMINAL = {signal.SIGINT, signal.SIGHUP}


def stop_on_signals() -> None:
    """From now on, raise KeyboardInterrupt in the main thread when asked to stop.

    Call it before any thread is started: a thread keeps the signal mask that it began with.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, FROM_TERMINAL)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=_hand_over, daemon=True).start()


def start_resource_tracker() -> None:
    """Start multiprocessing's helper now, as the present user: SIGINT is unblocked on the way."""
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_BLOCK, FROM_TERMINAL)


def _hand_over() -> None:
    # To the main thread itself: only there does a signal interrupt a wait.
    main = threading.main_thread().ident
    assert main is not None
    while True:
        signal.sigwait(FROM_TERMINAL)
        signal.pthread_kill(main, signal.SIGTERM)


@contextmanager
def held_signals() -> Iterator[None]:
    """Act on a stop request after the block: a server half started could not be stopped again."""
    received: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    before = signal.signal(signal.SIGTERM, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
    if received:
        raise KeyboardInterrupt


def ignore_signals() -> None:
    """Let nothing interrupt the clean-up that has begun.

    A handler that does nothing, not SIG_IGN, which programs started from here would inherit.
    """
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
