// A model without a motion brush is said beside the canvas, with the click that takes one that has it.
import type { Check } from "../brush/checks";
import { inWords } from "./choices";
import type { Choice, Quote } from "./state";

export function brushless(quote: Quote | null, onChoose: (choice: Choice) => void): Check[] {
  const remedy = quote?.remedy;
  const problem = quote?.problems.find(({ field }) => field === "dynamic_masks" || field === "static_mask");
  if (!remedy || !problem) return [];
  return [
    { level: "error", words: problem.message, fix: { label: `Use ${inWords(remedy)}`, run: () => onChoose(remedy) } },
  ];
}
