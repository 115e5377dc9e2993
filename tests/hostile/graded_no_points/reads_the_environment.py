"""Prints all that surrounds it: environment, arguments, modules, descriptors, accounts."""

import os
import pwd
import sys

print(dict(os.environ), sys.argv, sys.path, sys.flags, list(sys.modules))
allowed = {"PATH", "HOME", "LANG", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "MPLCONFIGDIR", "XDG_CACHE_HOME", "IPYTHONDIR",
           "COURSEKIT_PIXEL_RATIO", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "PWD", "LC_CTYPE",
           "MPLBACKEND", "PYTHONSAFEPATH", "SHLVL", "_", "OLDPWD"}
more = {name for name in os.environ if name not in allowed and not name.startswith(("JPY", "CLICOLOR", "PAGER", "GIT_PAGER"))}
if {name for name in more if any(word in name for word in ("TOKEN", "KEY", "SECRET", "PASSWORD", "AUTOGRADER", "CANARY"))}:
    raise SystemError(f"ESCAPED: {more}")
for name in ("autograder.judge", "autograder.grade", "coursekit.reference", "nbgrader", "sqlalchemy"):
    if name in sys.modules:
        raise SystemError(f"ESCAPED: {name} is loaded")
try:
    print(pwd.getpwall())
except (OSError, KeyError):
    pass
