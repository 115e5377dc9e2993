"""JAILED SIDE: stands where `coursekit.reference` and `coursekit.shapes` stand at home, and says why not."""

raise ModuleNotFoundError(
    f"{__name__} is left out while your work is graded: it computes what exercises ask for, "
    "and no figure that needs it is drawn",
    name=__name__,
)
