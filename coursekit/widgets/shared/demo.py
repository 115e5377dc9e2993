"""What all demos have in common: their sentence, the conventions, the picture where no widget runs."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets
from ipywidgets import widget_serialization

from coursekit.errors import ParameterError
from coursekit.widgets.conventions_switch.conventions_switch import Conventions, conventions
from coursekit.widgets.shared.picture import png_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class ConventionsTrait(traitlets.Instance):  # type: ignore[misc]  # traitlets is untyped here
    """A Conventions; anything else is refused by the course's own error."""

    def validate(self, _owner: object, value: object) -> Conventions:
        """Return the Conventions, or raise ParameterError."""
        if not isinstance(value, Conventions):
            raise ParameterError(f"conventions must be a Conventions; got {value!r}")
        return value


class Demo(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget is untyped here
    """A live demo. Its subclasses say what it shows, describe its present state, and draw it.

    Parameters
    ----------
    conventions : Conventions, optional
        Whether the kernel is flipped, the order of channels, how sizes are rounded, who gets the gradient
        of a tie. By default the one that all demos share, `coursekit.widgets.conventions`.
    """

    shows = ""
    """One sentence: what this demo shows. The class sets it, and the browser prints it above the demo."""

    picture_size = (8.0, 3.0)
    """Width and height of the picture where no widget runs, in inches."""

    conventions = ConventionsTrait(Conventions).tag(sync=True, **widget_serialization)
    _shows = traitlets.Unicode().tag(sync=True)

    def __init__(self, *, conventions: Conventions | None = None, **state: Any) -> None:
        if conventions is None:
            conventions = shared_conventions()
        unknown = sorted(set(state) - set(self.trait_names()))
        if unknown:  # ipywidgets would only warn
            raise ParameterError(f"{type(self).__name__} has no parameter {unknown[0]!r}")
        super().__init__(conventions=conventions, _shows=self.shows, **state)

    def describe(self) -> str:
        """Return the present state in one or two sentences: the alternative text of the picture."""
        raise NotImplementedError

    def draw_picture(self, figure: Figure) -> None:
        """Draw the present state on an empty figure of `picture_size`."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live widget, and beside it a picture for where no widget can run."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        png = png_of(self.draw_picture, self.picture_size)
        if png is not None:
            image = f'<img alt="{html.escape(self.describe())}" src="data:image/png;base64,{png}">'
            data = {**data, "image/png": png, "text/html": image}
        return data, metadata


def shared_conventions() -> Conventions:
    """Return the conventions that all demos share, open for the browser again if they were closed."""
    if conventions.comm is None:  # Widget.close_all() closed them with all the others
        conventions.open()
    return conventions
