// What a person may answer: strokes that a kernel took with it, a cell that waits for the drawing.
import { Button } from "../ui/controls";
import type { DeskProps } from "./tools/tool";

/** Above the photo, since it is answered before one draws. */
export function KeptStrokes({ desk }: DeskProps) {
  const offer = desk.document.offer.value;
  return (
    offer && (
      <p class="kw-brush-notice" role="alert">
        <span>Strokes from before the kernel restarted are kept.</span>
        <Button label="Restore" look="line" onClick={offer.restore} />
        <Button label="Discard" onClick={offer.discard} />
      </p>
    )
  );
}

/** Below it, since it is answered when all is drawn. */
export function Waiting({ desk: { document } }: DeskProps) {
  return (
    document.waiting.value && (
      <p class="kw-brush-notice">
        <span>A cell waits for this drawing.</span>
        <Button label="Done" look="main" onClick={() => document.done()} />
      </p>
    )
  );
}
