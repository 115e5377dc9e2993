"""Code that meets something else than in JupyterLab, or that Python does not take."""

from __future__ import annotations

from tests.careless.making import (
    ANSWER,
    FULL,
    NAME,
    WITHOUT_ONE,
    Files,
    add,
    careless,
    cell,
    handed_in,
    right,
    with_answer,
    with_cell,
    written,
)

KEYBOARD = "Nobody types while your notebook is graded"
NETWORK = "There is no network while your notebook is graded"


@careless("graded", FULL, KEYBOARD)
def asks_for_input() -> Files:
    """In a cell of its own it costs nothing."""
    return with_cell("size = int(input('How long? '))")


@careless("graded", FULL, KEYBOARD)
def asks_for_input_for_ever() -> Files:
    """The first question ends the loop."""
    return with_cell("while True:\n    print(input())")


@careless("graded", WITHOUT_ONE, KEYBOARD, "stopped with EOFError")
def asks_for_input_before_the_answer() -> Files:
    """What follows in the same cell is not reached: nobody can type it in."""
    return with_answer("start = int(input())\n" + ANSWER)


@careless("graded", FULL, "Nothing can be installed")
def installs_a_package() -> Files:
    """It fails, says why, and costs nothing."""
    return with_cell("%pip install seaborn")


@careless("graded", FULL, "Nothing can be installed")
def installs_before_the_imports() -> Files:
    """In the first cell too."""
    notebook = right()
    first = cell(notebook, "imports")
    first["source"] = "!pip install seaborn\nimport seaborn\n" + first["source"]
    return handed_in(notebook)


@careless("graded", FULL, NETWORK)
def downloads_data() -> Files:
    """It fails at once."""
    return with_cell("import urllib.request\nurllib.request.urlopen('http://example.com/x.csv')")


@careless("graded", FULL)
def uses_the_shell() -> Files:
    """There is one, in the jail."""
    return with_cell("!ls -la\nnames = !ls\nassert names == [], names")


@careless("graded", FULL)
def draws_in_a_loop() -> Files:
    """Figures are drawn up to the limit of a cell's outputs."""
    return with_cell(
        "import matplotlib.pyplot as plt\nfor i in range(40):\n"
        "    plt.figure(figsize=(2, 1)); plt.plot([i, 1]); plt.show()"
    )


@careless("graded", FULL)
def leaves_figures_open() -> Files:
    """matplotlib warns; nothing else happens."""
    return with_cell(
        "import matplotlib.pyplot as plt\n"
        "for i in range(25):\n    plt.figure(figsize=(1, 1))\nplt.close('all')"
    )


@careless("graded", FULL)
def draws_in_the_function() -> Files:
    """A slow habit, within the time."""
    return with_answer(
        ANSWER.replace(
            "    return", "    import matplotlib.pyplot as plt; plt.plot(output); plt.close()\n    return"
        )
    )


@careless("graded", FULL)
def interactive_figures() -> Files:
    """Every backend becomes pictures in the notebook."""
    notebook = right()
    first = cell(notebook, "imports")
    first["source"] = "%matplotlib notebook\n%matplotlib widget\n%matplotlib qt\n" + first["source"]
    return handed_in(notebook)


@careless("graded", FULL, "No window can be opened")
def switches_to_a_window() -> Files:
    """The cell fails, the answers stand."""
    return with_cell("import matplotlib.pyplot as plt\nplt.switch_backend('TkAgg')")


@careless("graded", FULL)
def awaits() -> Files:
    """As in JupyterLab."""
    return with_answer("import asyncio\nawait asyncio.sleep(0)\n" + ANSWER)


@careless("graded", FULL)
def runs_a_loop_of_its_own() -> Files:
    """JupyterLab refuses this; here it works."""
    return with_cell("import asyncio\nasync def five():\n    return 5\nassert asyncio.run(five()) == 5")


@careless("graded", FULL)
def prints_ten_megabytes() -> Files:
    """The feedback holds the start of it."""
    return with_cell("print('x' * 10_000_000)")


@careless("graded", FULL)
def prints_a_hundred_thousand_lines() -> Files:
    """The same."""
    return with_cell("for i in range(100_000):\n    print('line', i)")


@careless("graded", FULL)
def prints_in_the_function() -> Files:
    """What is printed during a question is no answer, and costs nothing."""
    return with_answer(ANSWER.replace("    return", "    print(output, signal)\n    return"))


@careless("graded", FULL)
def warns_on_stderr() -> Files:
    """Stock nbgrader gives 0 for this."""
    return with_answer(ANSWER.replace("    return", "    import warnings; warnings.warn('slow')\n    return"))


@careless("graded", FULL)
def divides_by_zero_elsewhere() -> Files:
    """A trial that fails is a trial."""
    return with_cell("1 / 0")


@careless("graded", WITHOUT_ONE, "defines `Correlate1d`: its name must be `correlate1d`, letter for letter")
def name_with_a_capital() -> Files:
    """Its own check said NameError. No grader decides which function was meant; it names the likely one."""
    return with_answer(ANSWER.replace("correlate1d", "Correlate1d"))


@careless("graded", WITHOUT_ONE, "defines `correlate_1d`")
def name_with_an_underscore() -> Files:
    """The same."""
    return with_answer(ANSWER.replace("correlate1d", "correlate_1d"))


@careless("graded", WITHOUT_ONE, "defines `corelate1d`")
def name_with_a_slip() -> Files:
    """The same."""
    return with_answer(ANSWER.replace("correlate1d", "corelate1d"))


@careless("graded", WITHOUT_ONE, "stopped with TabError", "spaces alone")
def tabs_and_spaces() -> Files:
    """Not Python, anywhere."""
    return with_answer("def correlate1d(signal, kernel):\n\tx = 1\n        return x")


@careless("graded", WITHOUT_ONE, "stopped with SyntaxError", "quotation marks of a word processor")
def curly_quotes() -> Files:
    """Nor is this, and the sentence says what to type."""
    return with_answer(ANSWER + "print(“done”)")


@careless("graded", WITHOUT_ONE, "stopped with SyntaxError", "as in text copied from a PDF")
def spaces_out_of_a_pdf() -> Files:
    """Nor this; it cannot be seen, so it is said."""
    return with_answer(ANSWER.replace("    return", "\u00a0   return"))


@careless("graded", WITHOUT_ONE, "Missing parentheses in call to 'print'")
def python_2() -> Files:
    """Python's own sentence is the best."""
    return with_answer(ANSWER.replace("    return", "    print output\n    return"))


@careless("graded", FULL, "begins with `%%timeit`, which forgets")
def measured() -> Files:
    """The measurement was added to a right answer: the line is left out."""
    return with_answer("%%timeit\n" + ANSWER)


@careless("graded", FULL)
def timed_and_captured() -> Files:
    """These magics keep what they define."""
    return handed_in(right(correlate1d="%%time\n" + ANSWER, edge_kernel="%%capture\n" + EDGE))


EDGE = "def edge_kernel():\n    return [[-1, 0, 1]]"


@careless("graded", WITHOUT_ONE, "begins with `%%bash`, so it is not run as Python")
def cell_of_the_shell() -> Files:
    """It says of itself that it is no Python."""
    return with_answer("%%bash\n" + ANSWER)


@careless("graded", WITHOUT_ONE, "begins with `%%html`")
def cell_of_html() -> Files:
    """Nor is this."""
    return with_answer("%%html\n" + ANSWER)


@careless("graded", WITHOUT_ONE, "Only IPython's own magics")
def cell_of_another_language() -> Files:
    """An unknown magic."""
    return with_answer("%%R\n" + ANSWER)


@careless("graded", FULL)
def writes_a_module_and_imports_it() -> Files:
    """The home folder can be written."""
    notebook = right(correlate1d="from mine import correlate1d")
    add(notebook, "imports", "%%writefile mine.py\nimport numpy as np\n" + ANSWER)
    return handed_in(notebook)


@careless("graded", FULL)
def exits() -> Files:
    """In JupyterLab the kernel ends, and is started again; here the next cell follows."""
    return with_cell("exit()\nquit()\nexit")


@careless("graded", FULL)
def exits_by_the_system() -> Files:
    """The same."""
    return with_cell("import sys\nsys.exit(0)")


@careless("graded", FULL)
def deleted_after_its_check() -> Files:
    """It was there when it was asked."""
    notebook = right()
    add(notebook, "", "del correlate1d")
    return handed_in(notebook)


@careless("graded", WITHOUT_ONE, "There is no function of this name")
def deleted_before_its_check() -> Files:
    """It is gone, in the student's kernel too."""
    return with_cell("del correlate1d")


@careless("graded", FULL)
def defined_again_further_down() -> Files:
    """What stood at the check counts."""
    notebook = right()
    add(notebook, "", "def correlate1d(signal, kernel):\n    return None")
    return handed_in(notebook)


@careless("graded", FULL)
def imports_everything() -> Files:
    """`sum` and `abs` are NumPy's then; the answers are the same."""
    return with_cell("from numpy import *\nfrom math import *\nimport numpy as np")


@careless("graded", FULL, "without Jupyter's kernel")
def asks_for_the_kernel() -> Files:
    """A cell that fails, and no more."""
    return with_cell("get_ipython().kernel.do_shutdown(True)")


@careless("graded", FULL)
def shows_html() -> Files:
    """Its text is kept, its tags are not."""
    return with_cell("from IPython.display import HTML, Javascript, display\ndisplay(HTML('<b>Hi</b>'))")


@careless("graded", WITHOUT_ONE, "Only the packages of the course are there", "ModuleNotFoundError")
def imports_what_is_not_there() -> Files:
    """The course's environment has no such package, so it did not run there either."""
    return with_answer("import some_other_package\n" + ANSWER)


@careless("graded", FULL)
def line_magics() -> Files:
    """IPython's own all work."""
    return with_cell("%load_ext autoreload\n%autoreload 2\n%cd ..\n%cd -\n%time 1 + 1\n%who")


@careless("graded", FULL)
def runs_another_file() -> Files:
    """If it was handed in."""
    return {NAME: written(right(correlate1d="%run answer.py")), "answer.py": "import numpy as np\n" + ANSWER}


@careless("graded", FULL)
def random_state_is_set() -> Files:
    """Nobody else's numbers change."""
    return with_cell("import random\nrandom.seed(0)\nnp.random.seed(0)\nnp.seterr(all='raise')")
