"""The socket that pages and API are served on: one port, one owner, from the first moment."""

import errno
import socket
from typing import Any

from granian._granian import SocketHolder
from granian.server.mp import MPServer

from app.cli.console import fail

BACKLOG = 1024


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, or end the command with what to do about a taken port.

    Call it before anything else is started. Without SO_REUSEPORT the kernel gives a port to one
    program only, whoever else asks at the same moment and as whichever user. Those who come before
    the pages are ready wait.
    """
    try:
        return _bound(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            fail(
                f"Port {port} on {host} is taken by another program (or another Lancar).\n"
                f"Choose another one: make run PORT={port + 10 if port < 65000 else 8010}"
            )
        fail(f"Cannot serve on {host}:{port}: {error.strerror or error}.")


def _bound(host: str, port: int) -> socket.socket:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind)
    try:
        # Connections of a Lancar that has just stopped, still closing, do not count.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


class OneSocketServer(MPServer):
    """granian, serving on a socket that is listening already.

    Its own sockets have SO_REUSEPORT, which lets a second instance take turns on the same port. It
    knows how to share one socket among its workers (as it does on other systems than Linux), but
    not how to be given it.
    """

    def __init__(self, target: str, listening: socket.socket, **options: Any) -> None:
        address, port = listening.getsockname()[:2]
        super().__init__(target, address=address, port=port, **options)
        self._listening = listening

    def _init_shared_socket(self) -> None:
        self._ssp, self._sso = None, self._listening
        self._sfd = self._listening.fileno()  # type: ignore[assignment]
        self._shd = SocketHolder(self._sfd, False, BACKLOG)  # type: ignore[call-arg,assignment]
