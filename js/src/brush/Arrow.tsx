// A path as an arrow: a white casing and a dark rim let its colour show on any photo.
import { beats, chevrons, headOf } from "../paint/arrow";
import { between, type Point } from "../paint/geometry";
import { colourOf, css } from "../paint/palette";
import type { AreaNumber } from "../paint/plane";

interface ArrowProps {
  area: AreaNumber;
  /** On the screen, equally spaced in time. */
  points: readonly Point[];
  inHand: boolean;
}

const LAYERS = [
  ["kw-brush-rim", 2.5],
  ["kw-brush-casing", 1.25],
  ["", 0],
] as const;

export function Arrow({ area, points, inHand }: ArrowProps) {
  const first = points[0];
  if (!first) return null;
  const many = points.length > 1;
  const [tip, one, other] = headOf(points);
  // The line ends inside the arrow's head, or its round cap would blunt the tip.
  const neck = between(tip, between(one, other, 0.5), 0.6);
  const line = [[...points.slice(0, -1), neck], ...chevrons(points)].map(drawn).join("");
  return (
    <g class={inHand ? "" : "kw-brush-aside"} style={{ "--kw-area": css(colourOf(area)) }}>
      {LAYERS.map(([look, extra]) => (
        <g key={look} class={`kw-brush-arrow ${look}`}>
          <path d={line} fill="none" stroke-width={2.5 + 2 * extra} />
          {many && <path d={`${drawn([tip, one, other])}Z`} stroke-width={2 * extra} />}
          <circle cx={first[0]} cy={first[1]} r={4.5} stroke-width={2 * extra} />
        </g>
      ))}
      {many && beats(points).map(([x, y], at) => <circle key={at} class="kw-brush-beat" cx={x} cy={y} r={3} />)}
    </g>
  );
}

function drawn(points: readonly Point[]): string {
  return `M${points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}`;
}
