"""TRUSTED: a formula of the course as MathML, which every browser of today shows without a script.

Knows the LaTeX that the course's notebooks use, and a little more. Students write formulas, too: whatever is
unknown, too long or too deep stays as it was written.
"""

from __future__ import annotations

import re
from html import escape

MAX_LENGTH = 2_000  # characters of a formula
MAX_DEPTH = 30  # braces within braces
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


LETTERS = _pairs("""
    alpha=α beta=β gamma=γ delta=δ epsilon=ε varepsilon=ε eta=η theta=θ lambda=λ mu=μ xi=ξ pi=π rho=ρ
    sigma=σ tau=τ phi=φ varphi=φ omega=ω Delta=Δ Sigma=Σ Omega=Ω infty=∞ partial=∂ nabla=∇ ell=ℓ
    dots=… ldots=… cdots=⋯
""")
SIGNS = _pairs("""
    cdot=· times=× star=⋆ ast=∗ circ=∘ sum=∑ prod=∏ int=∫ lfloor=⌊ rfloor=⌋ lceil=⌈ rceil=⌉ le=≤ leq=≤ ge=≥
    geq=≥ ne=≠ neq=≠ approx=≈ equiv=≡ to=→ rightarrow=→ leftarrow=← mapsto=↦ pm=± odot=⊙ otimes=⊗ oplus=⊕
    subset=⊂ cup=∪ cap=∩ forall=∀ exists=∃ mid=| vert=| in=∈ colon=: top=⊤
""")
NAMES = {"max", "min", "log", "exp", "sin", "cos", "tan", "arg", "argmax", "argmin", "det", "dim", "mod"}
OVER = {"bar": "¯", "overline": "¯", "hat": "^", "tilde": "~", "vec": "→", "dot": "˙"}
WORDS = {
    "text": "mtext",
    "mathrm": "mi",
    "mathbf": "mi",
    "operatorname": "mi",
    "mathit": "mi",
    "textbf": "mtext",
}
SPACES = {",": "0.17em", ":": "0.22em", ";": "0.28em", "!": "0em", " ": "0.25em", "quad": "1em"}
SPACES["qquad"] = "2em"
SIZES = {"left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr"}
LIMITS_BELOW = {"∑", "∏", "max", "min", "argmax", "argmin"}


class UnknownFormula(ValueError):
    """The formula holds something that this module does not know."""


def mathml(formula: str, *, block: bool) -> str:
    """The formula, LaTeX without dollar signs, as a `math` element. UnknownFormula if it cannot be read."""
    if len(formula) > MAX_LENGTH:
        raise UnknownFormula(f"a formula must have at most {MAX_LENGTH} characters; got {len(formula)}")
    reader = _Reader(TOKEN.findall(formula))
    inside = reader.row(0)
    if reader.tokens:
        raise UnknownFormula(f"nothing opens {reader.tokens[0]!r}")
    return f'<math display="{"block" if block else "inline"}"><mrow>{inside}</mrow></math>'


class _Reader:
    """Takes tokens from the front; each method returns the MathML of what it took."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def next_is(self, signs: str) -> bool:
        """True if the next token but spaces is one of these characters."""
        while self.tokens and self.tokens[0].isspace():
            self.tokens.pop(0)
        return bool(self.tokens) and self.tokens[0] in set(signs)

    def row(self, depth: int) -> str:
        """Everything up to a closing brace or the end."""
        if depth > MAX_DEPTH:
            raise UnknownFormula("braces are too deep")
        parts = []
        while not self.next_is("}") and self.tokens:
            parts.append(self._with_scripts(depth))
        return "".join(parts)

    def _with_scripts(self, depth: int) -> str:
        first = self.tokens[0].removeprefix("\\")
        below = SIGNS.get(first, first) in LIMITS_BELOW
        base = self._atom(depth)
        scripts: dict[str, str] = {}
        while self.next_is("_^") and self.tokens[0] not in scripts:
            sign = self.tokens.pop(0)
            scripts[sign] = self._atom(depth)
        tags = {"_": ("msub", "munder"), "^": ("msup", "mover"), "_^": ("msubsup", "munderover")}
        if not scripts:
            return base
        order = "".join(sorted(scripts, reverse=True))  # the lower one first
        tag = tags[order][below]
        return f"<{tag}>{base}{''.join(scripts[sign] for sign in order)}</{tag}>"

    def _atom(self, depth: int) -> str:
        self.next_is("")  # leaves the spaces out
        if not self.tokens:
            raise UnknownFormula("something is missing at the end")
        token = self.tokens.pop(0)
        if token == "{":
            inside = self.row(depth + 1)
            self._take("}")
            return f"<mrow>{inside}</mrow>"
        if token.startswith("\\"):
            return self._command(token[1:], depth)
        if token in "_^&}":
            raise UnknownFormula(f"{token!r} stands where nothing carries it")
        return _character(token)

    def _command(self, name: str, depth: int) -> str:
        if depth > MAX_DEPTH:
            raise UnknownFormula("commands are too deep")
        if name in SIGNS:
            return f"<mo>{SIGNS[name]}</mo>"
        if name in LETTERS:
            return f"<mi>{LETTERS[name]}</mi>"
        if name in NAMES:
            return f"<mi>{name}</mi>"
        if name in SPACES:
            return f'<mspace width="{SPACES[name]}"></mspace>'
        if name in WORDS:
            return self._text(WORDS[name])
        if name in ("frac", "tfrac", "dfrac"):
            return f"<mfrac>{self._atom(depth + 1)}{self._atom(depth + 1)}</mfrac>"
        if name == "sqrt":
            return f"<msqrt>{self._atom(depth + 1)}</msqrt>"
        if name in OVER:
            return f'<mover accent="true">{self._atom(depth + 1)}<mo>{OVER[name]}</mo></mover>'
        if name in SIZES:
            sign = self._atom(depth + 1)
            return "" if sign == _character(".") else sign
        if name in set("{}%_$#&|"):
            return f"<mo>{escape(name)}</mo>"
        raise UnknownFormula(f"unknown command {name!r}")

    def _text(self, tag: str) -> str:
        """The words in braces, spaces and all."""
        self._take("{")
        words = []
        while self.tokens and self.tokens[0] != "}":
            words.append(self.tokens.pop(0))
            if words[-1][0] in "{\\$":
                raise UnknownFormula("words must hold no command")
        self._take("}")
        return f"<{tag}>{escape(''.join(words))}</{tag}>"

    def _take(self, sign: str) -> None:
        if not self.next_is(sign) or self.tokens.pop(0) != sign:
            raise UnknownFormula(f"{sign!r} is missing")


def _character(token: str) -> str:
    if token[0].isdigit():
        return f"<mn>{token}</mn>"
    if token.isalpha():
        return f"<mi>{token}</mi>"
    return f"<mo>{escape({'-': '−', chr(39): '′', '*': '∗'}.get(token, token))}</mo>"
