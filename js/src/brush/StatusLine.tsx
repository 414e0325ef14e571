// Under the picture: what the area in hand holds, and where the pointer is.
import { useComputed } from "@preact/signals";
import { pathLength } from "../paint/path";
import { isArea } from "../paint/plane";
import type { Desk } from "./desk";
import { areaName, inPercent, placeOf } from "./words";

interface StatusLineProps {
  desk: Desk;
}

export function StatusLine({ desk }: StatusLineProps) {
  const holds = useComputed(() => {
    const { version, painting } = desk.document;
    version.value;
    const area = desk.area.value;
    const drawing = painting.value;
    if (drawing === null) return "";
    const share = drawing.share(area);
    const path = isArea(area) ? drawing.paths.get(area) : undefined;
    return [
      areaName(area),
      share > 0 ? `${inPercent(share)} of the picture` : "nothing painted yet",
      path
        ? `path of ${path.length} points, ${Math.round(pathLength(path))} px, ${desk.duration.value.toFixed(1)} s`
        : "",
    ]
      .filter(Boolean)
      .join(" · ");
  });
  const place = useComputed(() => {
    const at = desk.hovered.value;
    const plane = desk.document.painting.value?.plane;
    if (!at || !plane) return "";
    const [x, y] = at;
    if (x < 0 || y < 0 || x >= plane.width || y >= plane.height) return "";
    const across = ((x / plane.width) * 100).toFixed(1);
    const down = ((y / plane.height) * 100).toFixed(1);
    return `${placeOf(at)} px · ${across} %, ${down} %`;
  });
  return (
    <div class="kw-brush-line kw-small kw-soft kw-number">
      <span>{holds}</span>
      <span>{place}</span>
    </div>
  );
}
