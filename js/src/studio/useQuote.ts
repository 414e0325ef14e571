// What the request of this moment would cost, or what is wrong with it, asked of the kernel when the wish has settled.
import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Wire } from "../ui/wire";
import type { Quote } from "./state";

/** A pause in typing or drawing. */
const SETTLED = 250;

/** `wanted` is anything that differs when the request does. */
export function useQuote(wire: Wire, wanted: string): ReadonlySignal<Quote | null> {
  const quote = useSignal<Quote | null>(null);
  useEffect(() => {
    let over = false;
    const timer = setTimeout(() => {
      wire.ask<Quote>("studio.quote").then(
        ({ body }) => {
          if (!over) quote.value = body;
        },
        () => {
          // Without a kernel there is no price; whoever presses Generate is told why.
        },
      );
    }, SETTLED);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [wire, wanted]);
  return quote;
}
