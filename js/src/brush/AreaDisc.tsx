// An area's colour and number in a small disc; the static area's is hatched, and one with nothing in it is a ring.
import { colourOf, css, inkOn } from "../paint/palette";
import { type Label, STATIC } from "../paint/plane";

interface AreaDiscProps {
  label: Label;
  bare?: boolean;
}

export function AreaDisc({ label, bare = false }: AreaDiscProps) {
  return (
    <span
      class={`kw-brush-disc ${label === STATIC ? "kw-brush-hatch" : ""} ${bare ? "kw-brush-bare" : ""}`}
      style={{ "--kw-area": css(colourOf(label)), "--kw-area-ink": css(inkOn(label)) }}
      aria-hidden="true"
    >
      {label === STATIC ? "" : label}
    </span>
  );
}
