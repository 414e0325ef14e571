// What Python knows too, as a signal: the trait of a model, read-only here and in step with it.
import type { AnyModel } from "@anywidget/types";
import { type ReadonlySignal, signal } from "@preact/signals";

export function trait<Traits extends Record<string, unknown>, Name extends keyof Traits & string>(
  model: AnyModel<Traits>,
  name: Name,
  end: AbortSignal,
): ReadonlySignal<Traits[Name]> {
  const held = signal(model.get(name));
  const update = () => {
    held.value = model.get(name);
  };
  model.on(`change:${name}`, update);
  end.addEventListener("abort", () => model.off(`change:${name}`, update));
  return held;
}
