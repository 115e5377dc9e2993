"""Opens the sockets that no network namespace holds: to the virtual machine's host, and into the kernel."""

import socket

for name in ("AF_VSOCK", "AF_ALG", "AF_BLUETOOTH", "AF_PACKET", "AF_CAN"):
    family = getattr(socket, name, None)
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_RAW):
        if family is None:
            continue
        try:
            socket.socket(family, kind).close()
        except OSError:
            continue
        raise SystemError(f"ESCAPED the network namespace: {name}")
