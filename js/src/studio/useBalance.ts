// What is left on the account, asked of the kernel once and again whenever a film has ended.
import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Wire } from "../ui/wire";

/** Units left; null while it is not known. `paid` is whether anything is paid at all, `ended` how many films have ended. */
export function useBalance(wire: Wire, paid: boolean, ended: number): ReadonlySignal<number | null> {
  const balance = useSignal<number | null>(null);
  useEffect(() => {
    if (!paid) return;
    wire.ask<{ units: number | null }>("studio.balance").then(
      ({ body }) => {
        balance.value = body.units;
      },
      () => {
        // It is a courtesy: whoever presses Generate is told what is wrong.
      },
    );
  }, [wire, paid, ended]);
  return balance;
}
