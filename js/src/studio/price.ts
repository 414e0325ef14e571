// Where the money goes, in words.
import type { Account, Quote } from "./state";

export function units(count: number): string {
  return `${Number(count.toFixed(2))} ${count === 1 ? "unit" : "units"}`;
}

/** The line beside Generate. */
export function priceLine({ offline }: Account, quote: Quote | null): string {
  if (offline) return "Offline rehearsal, free";
  if (!quote) return "";
  if (quote.units === null) return "The price is not known; the service names it when the film is done";
  const dollars = quote.usd === null ? "" : `, about $${quote.usd.toFixed(2)}`;
  return `${units(quote.units)}${dollars}`;
}

/** What the armed button says: the second, deliberate click. */
export function spendWords(quote: Quote | null): string {
  return quote?.units == null ? "Spend units" : `Spend ${units(quote.units)}`;
}
