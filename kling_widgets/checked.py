"""A frozen model whose constructor names everything that is wrong with it, at once and in the user's words."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from kling_widgets.errors import InvalidRequest, Problem

_MISSING: Any = object()


@dataclass(frozen=True)
class Rule:
    """A check of several fields; it is left out where one of `needs` could not even be read."""

    needs: frozenset[str]
    check: Callable[[Any], Iterator[Problem]]


def rule(*needs: str) -> Callable[[Callable[[Any], Iterator[Problem]]], Rule]:
    """Decorate a generator of problems; `needs` are the fields it looks at."""
    return lambda check: Rule(frozenset(needs), check)


def refuse(message: str, fix: str) -> InvalidRequest:
    """For a field's own validator: the field's path is put in where it is known."""
    return InvalidRequest([Problem("", message, fix)])


@dataclass
class _Findings:
    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)


class Checked(BaseModel):
    """Base of the requests and of what they are made of. Raises InvalidRequest with every problem found."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, allow_inf_nan=False, hide_input_in_errors=True
    )
    RULES: ClassVar[tuple[Rule, ...]] = ()
    WIRE_PATHS: ClassVar[dict[str, str]] = {}  # where a field's place on the wire is not its name

    if not TYPE_CHECKING:  # a type checker and an editor see pydantic's own signature, with every field

        def __init__(self, *nameless: Any, **fields: Any) -> None:
            if nameless:
                raise self._refused([self._nameless(len(nameless))], fields)

            known = {name: fields.get(name, _MISSING) for name in self._expected(fields)}
            findings = _Findings([self._unknown(name) for name in fields if name not in known])
            self.__pydantic_validator__.validate_python(known, self_instance=self, context=findings)
            findings.problems += self._found(frozenset(findings.broken))
            if findings.problems:
                raise self._refused(findings.problems, fields)

            self._accepted()

    @classmethod
    def _refused(cls, problems: Iterable[Problem], fields: Mapping[str, Any]) -> InvalidRequest:
        """The error for `fields`, which knows how to build them again with a change."""

        def again(change: Mapping[str, Any]) -> Checked:
            left_out = {name for name, value in change.items() if value is None}
            return cls(**{name: value for name, value in {**fields, **change}.items() if name not in left_out})

        error = InvalidRequest(problems)
        error._again = again  # a closure: whoever prints the error does not print the fields
        return error

    @field_validator("*", mode="wrap")
    @classmethod
    def _gather(cls, value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        """Note what is wrong with a field, and go on to the next one."""
        findings, name = info.context, info.field_name
        if not isinstance(findings, _Findings) or name is None:
            return handler(value)

        path = cls.WIRE_PATHS.get(name, name)
        if value is _MISSING:
            findings.problems.append(Problem(path, "It is required.", f"Give {name}=...."))
        else:
            try:
                return handler(value)
            except ValidationError as error:
                findings.problems += problems_of(error, path, name, value)
            except TypeError:  # {1: 2} reaches no constructor, whose arguments have names
                message = f"{type(value).__name__} does not fit."
                findings.problems.append(Problem(path, message, "Name the parts of an object by text."))
        findings.broken.add(name)
        return None

    @classmethod
    def _expected(cls, fields: dict[str, Any]) -> list[str]:
        return [name for name, info in cls.model_fields.items() if name in fields or info.is_required()]

    @classmethod
    def _nameless(cls, count: int) -> Problem:
        message = "1 value has no name." if count == 1 else f"{count} values have no name."
        first = next(name for name in ("prompt", "effect_scene", *cls.model_fields) if name in cls.model_fields)
        return Problem(cls.__name__, message, f"Name every field, such as {cls.__name__}({first}=...).")

    @classmethod
    def _unknown(cls, name: str) -> Problem:
        close = [known for known in cls.model_fields if known.startswith(name)]
        close += difflib.get_close_matches(name, cls.model_fields, n=1)
        fix = f"Did you mean {close[0]}?" if close else f"The fields are {', '.join(cls.model_fields)}."
        return Problem(name, f"{cls.__name__} has no such field.", fix)

    def _found(self, broken: frozenset[str]) -> Iterable[Problem]:
        """What is wrong with the whole, where `broken` fields hold no value."""
        for each in self.RULES:
            if not each.needs & broken:
                yield from each.check(self)

    def _accepted(self) -> None:
        """Called once all is well."""


def problems_of(error: ValidationError, path: str, name: str, value: Any) -> Iterator[Problem]:
    """Pydantic's findings in our words; `path` is the field's on the wire, `name` and `value` are the given field."""
    for detail in error.errors(include_url=False):
        loc = detail["loc"]
        where = path + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, InvalidRequest):
            for problem in cause.problems:
                mended = _mended(value, loc, problem.change) if problem.change else None
                change = None if mended is None else {name: mended}
                yield Problem(_joined(where, problem.field), problem.message, problem.fix, change)
        else:
            yield Problem(where, f"{_shown(detail['input'])} does not fit.", f"{detail['msg']}.")


def _mended(value: Any, loc: tuple[int | str, ...], change: Mapping[str, Any]) -> Any:
    """`value` with `change` made at the place `loc` inside it; None where it was not given as plain lists and dicts."""
    if not loc:
        if not isinstance(value, dict):
            return None
        return {name: inner for name, inner in {**value, **change}.items() if inner is not None}

    head, rest = loc[0], loc[1:]
    if isinstance(head, int) and isinstance(value, list | tuple) and head < len(value):
        inner = _mended(value[head], rest, change)
        return None if inner is None else [*value[:head], inner, *value[head + 1 :]]
    if isinstance(value, dict) and head in value:
        inner = _mended(value[head], rest, change)
        return None if inner is None else {**value, head: inner}
    return None


def _shown(value: Any) -> str:
    """The value, or its type where that would be long."""
    try:
        shown = repr(value)
    except Exception:  # an int of 5000 digits has no repr, and who knows what else has none
        shown = ""
    return shown if 0 < len(shown) <= 60 else type(value).__name__


def _joined(path: str, inner: str) -> str:
    return path + (f".{inner}" if inner and not inner.startswith("[") else inner)
