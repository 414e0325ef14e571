// Where one draws: photo, paint and marks, and the brush's circle over them.
import { effect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { followCursor } from "./cursor";
import type { Desk } from "./desk";
import { Marks } from "./Marks";
import { kit } from "./more";
import { playOn } from "./play";
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
  const note = useId();
  const hand = kit.value?.handOf(desk);

  useEffect(() => {
    if (!stage.current || !photo.current || !paint.current || !circle.current) return;
    const end = new AbortController();
    const layers = { stage: stage.current, photo: photo.current, paint: paint.current };
    const surface = new Surface(layers, desk, end.signal);
    const pointers = new Pointers(layers.stage, desk, surface, end.signal);
    const holds = effect(() => {
      pointers.space = kit.value?.handOf(desk).grip.value === true;
    });
    const drain = surface.beforeFrame;
    surface.beforeFrame = () => {
      drain();
      kit.peek()?.handOf(desk).point();
    };
    playOn(layers.stage, desk, end.signal);
    const stop = followCursor(layers.stage, circle.current, desk);
    return () => {
      end.abort();
      holds();
      stop();
    };
  }, [desk]);

  const plane = desk.document.painting.value?.plane;
  const empty = desk.document.opened.value && !plane;
  const tool = desk.tool.value;
  return (
    <div class="kw-brush-room">
      <div
        ref={stage}
        class={`kw-brush-stage kw-brush-with-${tool} ${hand?.grip.value ? "kw-brush-panning" : ""}`}
        style={{ aspectRatio: plane ? `${plane.width} / ${plane.height}` : "3 / 2" }}
        role="application"
        aria-label="Drawing canvas"
        aria-roledescription="drawing canvas"
        aria-describedby={note}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys
        tabIndex={0}
        hidden={empty}
        onKeyUp={({ key }) => {
          if (key === " " && hand) hand.grip.value = false;
        }}
        onFocus={({ currentTarget }) => {
          if (currentTarget.matches(":focus-visible")) hand?.show();
        }}
        onBlur={() => {
          if (hand) hand.grip.value = false;
          hand?.rest();
        }}
        onPointerDownCapture={() => hand?.rest()}
      >
        <img ref={photo} src={desk.document.photo.value} alt="" draggable={false} />
        <div ref={paint} class="kw-brush-paint" />
        <Marks desk={desk} />
        <div ref={circle} class="kw-brush-circle" hidden />
      </div>
      <span class="kw-hidden" id={note}>
        Arrow keys move, Enter puts the tool down and lifts it. Question mark: all keys.
      </span>
      {empty && children}
    </div>
  );
}
