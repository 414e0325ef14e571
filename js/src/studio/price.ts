// Where the money goes, in words.
import type { Account, Quote } from "./state";

export function units(count: number): string {
  return `${Number(count.toFixed(2))} ${count === 1 ? "unit" : "units"}`;
}

/** The line beside Generate. */
export function priceLine({ offline }: Account, quote: Quote | null, balance: number | null): string {
  if (offline) return "Offline rehearsal, free";
  const left = balance === null ? "" : `balance ${Number(balance.toFixed(2))}`;
  if (!quote) return left;
  return [price(quote), left].filter(Boolean).join(", ");
}

function price({ units: count, usd }: Quote): string {
  if (count === null) return "The price is not known; the service names it when the film is done";
  return usd === null ? units(count) : `${units(count)}, about $${usd.toFixed(2)}`;
}

/** What the armed button says: the second, deliberate click. */
export function spendWords(quote: Quote | null): string {
  return quote?.units == null ? "Spend units" : `Spend ${units(quote.units)}`;
}
