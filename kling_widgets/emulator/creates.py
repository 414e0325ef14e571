"""From a POST to a task that is on disk, or to the reason why there is none."""

from __future__ import annotations

import asyncio
import dataclasses
from contextlib import suppress

from starlette.requests import Request

from . import answers, endpoints, intake, strike, worker
from .account import Accounts
from .answers import Refusal
from .intake import Fetch
from .order import FilmOrder, Kind, SheetOrder
from .results import Results
from .room import Room
from .store import ExternalIdTaken, NoFreeSlot, NoRoom, NoUnits, Store
from .task import Task


class Creates:
    """`fetch` brings the pictures that are given by their URL."""

    def __init__(self, store: Store, results: Results, accounts: Accounts, fetch: Fetch) -> None:
        self._store = store
        self._results = results
        self._accounts = accounts
        self._fetch = fetch
        self._room = Room()

    async def take(self, request: Request, kind: Kind, account: str, origin: str) -> Task:
        """The task that the body asks for. Raises Refusal."""
        async with self._room.held(intake.length(request)):
            reading = endpoints.READERS[kind](await intake.json_object(request))
            files = await intake.files(reading, self._fetch, self._room)
            order = reading.order
            if strike.marked(request.scope, "fail-task"):
                order = dataclasses.replace(order, fails=strike.RISK)
            return await asyncio.to_thread(self._add, account, kind, order, origin, files)

    def _add(
        self, account: str, kind: Kind, order: FilmOrder | SheetOrder, origin: str, files: dict[str, bytes]
    ) -> Task:
        try:
            task = self._store.add(
                account=account,
                kind=kind,
                order=order,
                origin=origin,
                files=files,
                allowance=self._accounts.allowance(order.pack),
            )
        except ExternalIdTaken as error:
            message = f"External_task_id {order.external_task_id} already exists"
            raise Refusal(answers.INVALID_FIELD, message) from error
        except NoUnits as error:
            raise Refusal(answers.NO_UNITS, "Account balance not enough") from error
        except NoFreeSlot as error:
            raise Refusal(answers.NO_FREE_SLOT, "parallel task over resource pack limit") from error
        except NoRoom as error:
            message = f"All the {self._store.most} tasks that the emulator remembers are running: wait until one ends"
            raise Refusal(answers.UNAVAILABLE, message) from error
        except OSError as error:
            raise Refusal(answers.UNAVAILABLE, f"{worker.FULL}: make some, and try again") from error

        with suppress(OSError):  # the task is there; the next one will see to it
            self._results.clear(self._store.forget())
        return task
