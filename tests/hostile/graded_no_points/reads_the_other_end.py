"""Asks the kernel for the process at the other end of its channel, and tries to take its files and memory."""

import ctypes
import os
import socket
import stat

SO_PEERPIDFD, PIDFD_GETFD, PIDFD_SEND_SIGNAL, SETNS = 77, 438, 424, 308
libc = ctypes.CDLL(None, use_errno=True)
for descriptor in range(3, 256):
    try:
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            continue
        channel = socket.socket(fileno=os.dup(descriptor))
        peer = int.from_bytes(channel.getsockopt(socket.SOL_SOCKET, SO_PEERPIDFD, 4), "little")
    except OSError:
        continue
    if any(libc.syscall(PIDFD_GETFD, peer, number, 0) >= 0 for number in range(32)):
        raise SystemError("ESCAPED: holds a file of the grader")
    if libc.syscall(PIDFD_SEND_SIGNAL, peer, 0, None, 0) == 0 or libc.syscall(SETNS, peer, 0x20000000) == 0:
        raise SystemError("ESCAPED: reaches the grader's process")
    if int.from_bytes(channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 4), "little"):
        raise SystemError("ESCAPED: knows the grader's process")
