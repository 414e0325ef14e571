// The kernel's time, second by second, and whether the kernel is there at all.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { KernelGone, type Wire } from "../ui/wire";

const PULSE = 10_000;

interface KernelClock {
  /** Milliseconds since 1970 UTC by the kernel's clock; the browser's may be minutes off. */
  now: number;
  /** Empty, or what to say when the kernel is gone. */
  gone: string;
}

/** Runs while `running`. A kernel that is merely busy answers late, and that is no news. */
export function useKernelClock(wire: Wire, running: boolean): KernelClock {
  const ahead = useSignal(0);
  const now = useSignal(Date.now());
  const gone = useSignal("");

  useEffect(() => {
    if (!running) return;
    let over = false;
    const ask = () => {
      const asked = Date.now();
      wire.ask<{ now: number }>("task.open").then(
        ({ body }) => {
          if (over) return;
          // A late answer tells an old time; a quick one is right to the round trip.
          if (Date.now() - asked < 1000) ahead.value = body.now - Date.now();
          gone.value = "";
        },
        (error: Error) => {
          if (!over && error instanceof KernelGone) gone.value = error.message;
        },
      );
    };
    const tick = () => {
      if (!gone.value) now.value = Date.now() + ahead.value;
    };
    ask();
    tick();
    const pulse = setInterval(ask, PULSE);
    const second = setInterval(tick, 250);
    return () => {
      over = true;
      clearInterval(pulse);
      clearInterval(second);
    };
  }, [wire, running]);

  return { now: now.value, gone: gone.value };
}
