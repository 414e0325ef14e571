// One effect's picture: a sprite that moves under the pointer, or its icon as long as there is no sprite.
import type { CSSProperties } from "preact";
import type { Sprite } from "./sheets";

interface Props {
  sprite: Sprite | null;
  icon: string;
}

export function Thumbnail({ sprite, icon }: Props) {
  if (!sprite) return <span class="kw-effects-thumb kw-effects-icon">{icon}</span>;
  const { url, row, rows, frames } = sprite;
  const style = {
    "--kw-frames": frames,
    "--kw-rows": rows,
    "--kw-row": `${rows > 1 ? (row / (rows - 1)) * 100 : 0}%`,
    backgroundImage: `url(${url})`,
  } as CSSProperties;
  return <span class="kw-effects-thumb kw-effects-sprite" style={style} />;
}
