// The line at the bottom: where the money goes, and the button that lets it go.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button } from "../ui/controls";
import { priceLine, spendWords } from "./price";
import type { Account, Quote } from "./state";

/** How long the second click is waited for. */
const ARMED = 5_000;

interface Props {
  account: Account;
  quote: Quote | null;
  /** Units left on the account; null where that is not known. */
  balance: number | null;
  busy: boolean;
  /** Why nothing can be generated now; empty when something can. */
  hindrance: string;
  onGenerate(): void;
}

export function Spend({ account, quote, balance, busy, hindrance, onGenerate }: Props) {
  const armed = useSignal(false);

  useEffect(() => {
    if (!armed.value) return;
    const timer = setTimeout(() => {
      armed.value = false;
    }, ARMED);
    return () => clearTimeout(timer);
  }, [armed.value]);

  // Another price is another decision.
  useEffect(() => {
    armed.value = false;
  }, [quote?.units, hindrance]);

  function press() {
    if (!account.offline && !armed.value) {
      armed.value = true;
      return;
    }
    armed.value = false;
    onGenerate();
  }

  const words = armed.value ? spendWords(quote) : "Generate";
  return (
    <div class="kw-spend">
      <div class="kw-spend-words">
        <span class="kw-number">{priceLine(account, quote, balance)}</span>
        {account.note && <span class="kw-soft kw-small">{account.note}</span>}
      </div>
      <Button
        label={busy ? "Sending" : words}
        look="main"
        class={armed.value ? "kw-spend-armed" : ""}
        disabled={busy || hindrance !== ""}
        title={hindrance}
        onClick={press}
      />
    </div>
  );
}
