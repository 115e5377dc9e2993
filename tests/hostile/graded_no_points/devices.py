"""Opens devices: memory, the terminal, disks, graphics processors and the kernel's log; and makes its own."""

import os

for name in ("mem", "kmem", "port", "kmsg", "sda", "vda", "nvme0n1", "loop0", "fuse", "kvm", "nvidia0", "nvidiactl",
             "nvidia-uvm", "dri/card0", "dri/renderD128", "net/tun", "vhost-vsock", "userfaultfd", "input/event0"):
    try:
        os.close(os.open(f"/dev/{name}", os.O_RDONLY))
    except OSError:
        continue
    raise SystemError(f"ESCAPED: /dev/{name}")
for place in ("/tmp/device", "device", "/dev/shm/device"):
    try:
        os.mknod(place, 0o20666, os.makedev(1, 1))
        os.close(os.open(place, os.O_RDONLY))
    except OSError:
        continue
    raise SystemError("ESCAPED: made a device")
