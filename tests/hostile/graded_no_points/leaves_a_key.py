"""Leaves its answers in the kernel's keyring for the next submission, and looks for the instructor's keys."""

import ctypes

ADD_KEY, KEYCTL, SESSION_KEYRING, USER_KEYRING = 248, 250, -3, -4
libc = ctypes.CDLL(None, use_errno=True)
for ring in (SESSION_KEYRING, USER_KEYRING):
    if libc.syscall(ADD_KEY, b"user", b"answers", b"19 25 37 43", 11, ring) > 0:
        raise SystemError("WROTE a key that outlives this submission")
if libc.syscall(KEYCTL, 0, SESSION_KEYRING, 0) > 0:
    raise SystemError("ESCAPED: a keyring is there")
