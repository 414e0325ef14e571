// What the tool in hand offers, always one row high: what is below must not jump when the tool changes.
import { toolOf } from "./tools/all";
import type { DeskProps } from "./tools/tool";

export function Options({ desk }: DeskProps) {
  const { hint, Options: Own } = toolOf(desk.tool.value);
  return (
    <div class="kw-brush-options">
      {Own && <Own desk={desk} />}
      <span class="kw-small kw-soft kw-brush-hint" title={hint}>
        {hint}
      </span>
    </div>
  );
}
