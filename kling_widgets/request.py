"""What all requests have: what the API is asked for, by the API's own names. One that exists is valid."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, Self

from kling_widgets import cost
from kling_widgets.checked import Checked
from kling_widgets.endpoint import Kind
from kling_widgets.errors import InvalidRequest, KlingWarning, Problem
from kling_widgets.fields import Form, in_form

Check = Literal["error", "warn", "off"]


class Request(Checked):
    """What all requests have. `check` governs dated facts alone: model names, modes, scenes, the capability map."""

    if TYPE_CHECKING:  # of the class where there is one endpoint, of the object where there are many

        @property
        def kind(self) -> Kind:
            """The word for the endpoint, as `Task.kind` has it."""

        @property
        def endpoint(self) -> str:
            """The path that the body is posted to."""

    check: Check = "error"

    def payload(self) -> dict[str, Any]:
        """The JSON body that goes on the wire: what was asked for, and nothing else."""
        return self._written("wire")

    def outline(self) -> dict[str, Any]:
        """The body in a few lines, for people and for files: the SHA-256 of each picture and mask in its place."""
        return self._written("outline")

    def cost(self) -> cost.Cost | None:
        """The list price, or None where it is not known."""
        return None

    def key(self, take: int = 1) -> str:
        """The external_task_id of this request where the user sets none: the same film, the same key, on any machine.

        Another `take` (1, 2, ...) asks for another film. 46 characters or a few more, safe in an address.
        """
        if isinstance(take, bool) or not isinstance(take, int) or take < 1:
            raise InvalidRequest([Problem("take", f"{take!r} is no take.", "Count takes from 1.")])

        # Of the outline: pictures count by their pixels, since each machine's encoder writes other bytes.
        text = json.dumps([self.kind, self._film()], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return f"kw-{hashlib.sha256(text.encode()).hexdigest()[:40]}-{take}"

    def gist(self) -> dict[str, Any]:
        """The part of the outline that decides what the film looks like, without what says the default."""
        said_anyway = {"callback_url", "external_task_id", *self._defaults()}
        return {name: value for name, value in self.outline().items() if name not in said_anyway}

    def own_id(self) -> str:
        """The external_task_id that the user gave; empty where the key stands in its place."""
        return str(getattr(self, "external_task_id", ""))

    def retirement(self) -> str | None:
        """A sentence where the service may no longer offer what is asked for; None on `check="off"`."""
        return None

    def fixed(self) -> Self:
        """The nearest request that the dated tables take: this one where they have nothing against it.

        For a request made with `check="warn"` or "off". Raises InvalidRequest with what no change can mend.
        """
        problems = [*self._dated()]
        if not problems:
            return self

        fields = {name: getattr(self, name) for name in self.model_fields_set}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", KlingWarning)
            strict: Self = self._refused(problems, fields | {"check": "error"}).fixed()
        return strict.model_copy(update={"check": self.check})

    def _given(self) -> set[str]:
        """Names of the fields that say something."""
        return {name for name in self.model_fields_set if getattr(self, name) not in (None, ())} - {"check"}

    def _written(self, form: Form) -> dict[str, Any]:
        raise NotImplementedError

    def _dumped(self, names: set[str], form: Form) -> dict[str, Any]:
        """These fields as the wire, or the outline, has them."""
        return self.model_dump(mode="json", include=names, exclude_none=True, context=in_form(form))

    def _film(self) -> dict[str, Any]:
        """What the key is made of."""
        return self.gist()

    def _defaults(self) -> set[str]:
        """Set fields that say no more than their absence."""
        fields = type(self).model_fields.items()
        return {name for name, info in fields if name in self.model_fields_set and getattr(self, name) == info.default}

    def _dated(self, broken: frozenset[str] = frozenset()) -> Iterable[Problem]:
        """What the dated tables have against this request, as far as it could be read."""
        return ()

    def _unlisted(self) -> Iterable[str]:
        """Names that are newer than the dated tables, or misspelt."""
        return ()

    def _found(self, broken: frozenset[str]) -> Iterable[Problem]:
        yield from super()._found(broken)
        if "check" not in broken and self.check == "error":
            yield from self._dated(broken)

    def _accepted(self) -> None:
        notes = [] if self.check == "off" else [*self._unlisted()]
        notes += map(str, self._dated()) if self.check == "warn" else []
        for note in notes:
            warnings.warn(note, KlingWarning, stacklevel=3)
