"""Asks for names and addresses, and connects to the machine, its neighbours and the grader's services."""

import socket
import urllib.request

for name in ("example.org", "localhost.localdomain", "metadata.google.internal", "pypi.org"):
    try:
        found = socket.getaddrinfo(name, 80)
        if name != "localhost.localdomain":
            raise SystemError(f"ESCAPED: {name} is {found}")
    except OSError:
        pass
for address in ("127.0.0.1", "169.254.169.254", "10.0.0.1", "192.168.1.1", "8.8.8.8", "::1"):
    for port in (22, 53, 80, 5432, 8786, 8888):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as one:
            one.settimeout(0.05)
            if one.connect_ex((address, port)) == 0:
                raise SystemError(f"ESCAPED: connected to {address} {port}")
try:
    urllib.request.urlopen("http://example.org", timeout=0.2)
    raise SystemError("ESCAPED: a web page")
except OSError:
    pass
