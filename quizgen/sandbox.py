"""Jinja as templates may use it: nothing of Python's inside, and no number or text that grows without end."""

from __future__ import annotations

from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

_LONGEST = 1_000_000  # of what is made by repeating
_MOST_BITS = 10_000


class Sandbox(SandboxedEnvironment):
    """Jinja's sandbox, which also refuses to multiply what would not fit into memory."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.globals["lipsum"]  # filler text of any length
        del self.filters["random"]  # the same inputs give the same bytes

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """A product or a power, where it is not too large."""
        if operator == "*":
            _check_product(left, right)
        else:
            _check_power(left, right)
        return super().call_binop(context, operator, left, right)


def _check_product(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int):
        if left.bit_length() + right.bit_length() > _MOST_BITS:
            raise SecurityError("a product is too large")
        return
    for repeated, times in ((left, right), (right, left)):
        is_repetition = isinstance(repeated, str | bytes | list | tuple) and isinstance(times, int)
        if is_repetition and len(repeated) * times > _LONGEST:
            raise SecurityError(f"a text or list repeated {times:,} times is too long")


def _check_power(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() * right > _MOST_BITS:
        raise SecurityError("a power is too large")
