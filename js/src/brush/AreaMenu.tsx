// The button beside the areas, and what it opens.
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Button } from "../ui/controls";
import { more } from "../ui/icons";
import { kit } from "./more";
import type { DeskProps } from "./tools/tool";

export function AreaMenu({ desk }: DeskProps) {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const guarded = desk.protect.value;
  return (
    <div ref={root} class={`kw-brush-change ${guarded ? "kw-brush-guarded" : ""}`}>
      <Button
        label="Change area"
        icon={more}
        shortcut={guarded ? "other areas are protected" : "grow, shrink, smooth, invert, swap"}
        aria-haspopup="menu"
        aria-expanded={open.value}
        disabled={desk.document.painting.value === null || kit.value === null}
        onClick={() => {
          open.value = !open.value;
        }}
      />
      {open.value && kit.value && (
        <kit.value.ChangeMenu
          desk={desk}
          close={(back) => {
            open.value = false;
            if (back) root.current?.querySelector("button")?.focus();
          }}
        />
      )}
    </div>
  );
}
