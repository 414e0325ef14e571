// Which model, mode and length go together, and what the nearest good choice is.
import type { Choice, Row } from "./state";

export interface Option<Value> {
  value: Value;
  /** Not offered with the other choices as they stand. */
  off: boolean;
}

export function models(rows: readonly Row[]): string[] {
  return [...new Set(rows.map(({ model }) => model))];
}

/** Every mode there is, those that `model` lacks marked; a model without modes has the one called "". */
export function modes(rows: readonly Row[], model: string): Option<string>[] {
  const own = new Set(rows.filter((row) => row.model === model).map(({ mode }) => mode));
  if (own.has("")) return [{ value: "", off: false }];
  const all = [...new Set(rows.map(({ mode }) => mode))].filter((mode) => mode !== "");
  return all.map((value) => ({ value, off: !own.has(value) }));
}

export function durations(rows: readonly Row[], { model, mode }: Choice): Option<number>[] {
  const own = new Set(rows.filter((row) => row.model === model && row.mode === mode).flatMap(({ seconds }) => seconds));
  const all = [...new Set(rows.flatMap(({ seconds }) => seconds))].sort((a, b) => a - b);
  return all.map((value) => ({ value, off: !own.has(value) }));
}

/** `choice` with the model changed and the rest kept as far as that model goes. */
export function withModel(rows: readonly Row[], choice: Choice, model: string): Choice {
  const mode = modes(rows, model);
  const kept = mode.find(({ value, off }) => value === choice.mode && !off) ?? mode.find(({ off }) => !off);
  return withMode(rows, { ...choice, model }, kept?.value ?? choice.mode);
}

export function withMode(rows: readonly Row[], choice: Choice, mode: string): Choice {
  const next = { ...choice, mode };
  const offered = durations(rows, next)
    .filter(({ off }) => !off)
    .map(({ value }) => value);
  if (offered.length === 0 || offered.includes(choice.duration)) return next;
  const nearest = offered.reduce((best, value) =>
    Math.abs(value - choice.duration) < Math.abs(best - choice.duration) ? value : best,
  );
  return { ...next, duration: nearest };
}

/** "kling-v1-5, pro, 5 s" */
export function inWords({ model, mode, duration }: Choice): string {
  return [model, mode, `${duration} s`].filter(Boolean).join(", ");
}
