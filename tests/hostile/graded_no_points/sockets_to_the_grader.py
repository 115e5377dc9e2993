"""Looks for sockets of the grader: abstract names, files, netlink, and its own channel's other end."""

import os
import socket

for name in ("\0/tmp/.X11-unix/X0", "\0dbus", "/run/dbus/system_bus_socket", "/var/run/docker.sock", "/run/systemd/private",
             "/var/run/postgresql/.s.PGSQL.5432", "/tmp/.X11-unix/X0"):
    with socket.socket(socket.AF_UNIX) as one:
        if one.connect_ex(name) == 0:
            raise SystemError(f"ESCAPED: connected to {name!r}")
try:
    socket.socket(getattr(socket, "AF_NETLINK", 16), socket.SOCK_RAW, 0)
    raise SystemError("ESCAPED: a netlink socket")
except OSError:
    pass
for descriptor in range(64):  # hand ourselves over, and ask for what the other end holds
    try:
        with socket.socket(fileno=os.dup(descriptor)) as channel:
            if channel.getpeername() not in ("", b"", None):
                raise SystemError("ESCAPED: the channel has a name")
    except OSError:
        pass
