// The brush's own ground: what it is called, where its keys are heard, what went wrong, what changed.
import type { ComponentChildren } from "preact";
import { Button } from "../ui/controls";
import type { Desk } from "./desk";
import { kit } from "./more";
import { KeptStrokes, Waiting } from "./Notices";

interface FrameProps {
  desk: Desk;
  children: ComponentChildren;
}

export function Frame({ desk, children }: FrameProps) {
  const { trouble, said } = desk.document;
  const hear = (event: KeyboardEvent) => {
    const { target, key } = event;
    if (kit.value === null || kit.value.isTheirs(target, key)) return;
    const onStage = target instanceof Element && target.matches("[role=application]");
    if (!kit.value.press(event, desk, onStage)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a form's layout
    <div class="kw-brush" role="group" aria-label="Motion brush" onKeyDownCapture={hear}>
      <KeptStrokes desk={desk} />
      {children}
      <Waiting desk={desk} />
      {trouble.value && (
        <p class="kw-brush-trouble" role="alert">
          <span>{trouble.value.words}</span>
          {trouble.value.again && <Button label="Send again" look="line" onClick={trouble.value.again} />}
        </p>
      )}
      <span class="kw-hidden" role="status">
        {said}
      </span>
      {desk.help.value && kit.value && <kit.value.Help desk={desk} />}
    </div>
  );
}
