// Where one draws: photo, paint and marks, and the brush's circle over them.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { followCursor } from "./cursor";
import type { Desk } from "./desk";
import { Marks } from "./Marks";
import { Pointers } from "./pointers";
import { Surface } from "./surface";

interface StageProps {
  desk: Desk;
  /** Shown while there is no photo. */
  children?: ComponentChildren;
}

export function Stage({ desk, children }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const photo = useRef<HTMLImageElement>(null);
  const paint = useRef<HTMLDivElement>(null);
  const circle = useRef<HTMLDivElement>(null);
  const pointers = useRef<Pointers>(null);

  useEffect(() => {
    if (!stage.current || !photo.current || !paint.current || !circle.current) return;
    const end = new AbortController();
    const layers = { stage: stage.current, photo: photo.current, paint: paint.current };
    const surface = new Surface(layers, desk, end.signal);
    pointers.current = new Pointers(layers.stage, desk, surface, end.signal);
    const stop = followCursor(layers.stage, circle.current, desk);
    return () => {
      end.abort();
      stop();
    };
  }, [desk]);

  const hold = (event: KeyboardEvent, down: boolean) => {
    if (event.key !== " " || !pointers.current || !stage.current) return;
    pointers.current.space = down;
    stage.current.classList.toggle("kw-brush-panning", down);
    event.preventDefault();
    event.stopPropagation();
  };

  const plane = desk.document.painting.value?.plane;
  const empty = desk.document.opened.value && !plane;
  const tool = desk.tool.value;
  return (
    <div class="kw-brush-room">
      <div
        ref={stage}
        class={`kw-brush-stage kw-brush-with-${tool}`}
        style={{ aspectRatio: plane ? `${plane.width} / ${plane.height}` : "3 / 2" }}
        role="application"
        aria-label="Drawing canvas"
        aria-roledescription="drawing canvas"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys
        tabIndex={0}
        hidden={empty}
        onKeyDown={(event) => hold(event, true)}
        onKeyUp={(event) => hold(event, false)}
        onBlur={() => {
          if (pointers.current) pointers.current.space = false;
          stage.current?.classList.remove("kw-brush-panning");
        }}
      >
        <img ref={photo} src={desk.document.photo.value} alt="" draggable={false} />
        <div ref={paint} class="kw-brush-paint" />
        <Marks desk={desk} />
        <div ref={circle} class="kw-brush-circle" hidden />
      </div>
      {empty && children}
    </div>
  );
}
