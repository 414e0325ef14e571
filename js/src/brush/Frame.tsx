// The brush's own ground: what it is called, where its keys are heard, what went wrong, what changed.
import type { ComponentChildren } from "preact";
import { Button } from "../ui/controls";
import type { Desk } from "./desk";
import { press } from "./keys";

interface FrameProps {
  desk: Desk;
  children: ComponentChildren;
}

export function Frame({ desk, children }: FrameProps) {
  const { trouble, said } = desk.document;
  const hear = (event: KeyboardEvent) => {
    // The slider and the areas know what to do with these.
    const own = event.target instanceof HTMLInputElement && /^(Home|Arrow|Page)/.test(event.key);
    if (own || !press(event, desk)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a form's layout
    <div class="kw-brush" role="group" aria-label="Motion brush" onKeyDownCapture={hear}>
      {children}
      {trouble.value && (
        <p class="kw-brush-trouble" role="alert">
          <span>{trouble.value.words}</span>
          {trouble.value.again && <Button label="Send again" look="line" onClick={trouble.value.again} />}
        </p>
      )}
      <span class="kw-hidden" role="status">
        {said}
      </span>
    </div>
  );
}
