"""Tries to get namespaces, mounts, capabilities and other users back."""

import ctypes
import os

libc = ctypes.CDLL(None)
tries = {
    "user namespace": lambda: libc.unshare(0x10000000),
    "mount namespace": lambda: libc.unshare(0x00020000),
    "unmount": lambda: libc.umount2(b"/proc", 2),
    "mount proc": lambda: libc.mount(b"proc", b"/tmp", b"proc", 0, None),
    "mount tmpfs": lambda: libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None),
    "remount": lambda: libc.mount(None, b"/usr", None, 32 | 4096, None),
    "chroot": lambda: libc.chroot(b"/tmp"),
    "setuid": lambda: libc.setuid(0),
    "pivot": lambda: libc.syscall(155, b"/tmp", b"/tmp"),
}
for name, attempt in tries.items():
    if attempt() == 0:
        raise SystemError("ESCAPED by " + name)
if os.listdir("/proc"):
    raise SystemError("ESCAPED: /proc is there")
