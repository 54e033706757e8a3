"""One port has one owner, whatever the timing, the address and the other program."""

import multiprocessing
import socket

import pytest
import typer

from app.cli.listening import listen

PAIRS = [
    ("127.0.0.1", "127.0.0.1"),
    ("127.0.0.1", "0.0.0.0"),
    ("0.0.0.0", "127.0.0.1"),
    ("0.0.0.0", "::"),
    ("::", "127.0.0.1"),
    ("::1", "::"),
    ("localhost", "127.0.0.1"),
]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _compete(host, port, start, done, results) -> None:
    start.wait()
    try:
        listening = listen(host, port)
    except typer.Exit as ended:
        results.put(ended.exit_code)
        done.wait()
    else:
        results.put(0)
        done.wait()
        listening.close()


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_processes_that_start_together_one_gets_the_port(attempt) -> None:
    context = multiprocessing.get_context("forkserver")
    start, done, results = context.Barrier(4), context.Barrier(5), context.Queue()
    port = _free_port()
    hosts = ("127.0.0.1", "0.0.0.0", "127.0.0.1", "0.0.0.0")
    processes = [
        context.Process(target=_compete, args=(host, port, start, done, results)) for host in hosts
    ]
    for process in processes:
        process.start()
    codes = sorted(results.get(timeout=60) for _ in processes)
    done.wait()
    for process in processes:
        process.join()
    assert codes == [0, 1, 1, 1]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_an_address_that_overlaps_a_taken_one_is_refused(first, second, capsys) -> None:
    port = _free_port()
    with listen(first, port), pytest.raises(typer.Exit):
        listen(second, port)
    assert f"Port {port} on {second} is taken" in capsys.readouterr().err


@pytest.mark.parametrize("option", [None, socket.SO_REUSEADDR, socket.SO_REUSEPORT])
def test_a_port_that_another_kind_of_program_holds_is_refused(option, capsys) -> None:
    with socket.socket() as other:
        if option is not None:
            other.setsockopt(socket.SOL_SOCKET, option, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(typer.Exit):
            listen("0.0.0.0", other.getsockname()[1])
    assert "make run PORT=" in capsys.readouterr().err


def test_nobody_can_join_a_port_that_is_served() -> None:
    port = _free_port()
    with listen("127.0.0.1", port), socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))


def test_a_port_whose_last_connections_are_still_closing_is_free() -> None:
    port = _free_port()
    with listen("127.0.0.1", port) as listening:
        client = socket.create_connection(("127.0.0.1", port))
        served, _ = listening.accept()
        served.close()  # who closes first keeps the connection in TIME_WAIT
        client.close()
    listen("127.0.0.1", port).close()
