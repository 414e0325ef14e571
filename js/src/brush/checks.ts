// What a drawing still lacks, or what will surprise its maker: facts in, plain words out, each with what mends it where something can.
import type { Point } from "../paint/geometry";
import type { Path } from "../paint/history";
import type { Painting } from "../paint/painting";
import { pathLength } from "../paint/path";
import { AREAS, type AreaNumber, STATIC } from "../paint/plane";
import { nearestPixel } from "../paint/within";
import { areaName, inPercent } from "./words";

export interface Check {
  readonly level: "error" | "warn" | "hint";
  readonly words: string;
  readonly fix?: { readonly label: string; run(): void };
}

export interface AreaFacts {
  readonly area: AreaNumber;
  /** Of the picture, 0 to 1. */
  readonly share: number;
  readonly path: Path | null;
  /** The point of the area nearest to where its path starts; null where it starts inside, or one of the two is not there. */
  readonly entrance: Point | null;
}

export interface Facts {
  readonly width: number;
  readonly height: number;
  readonly areas: readonly AreaFacts[];
  /** The static area's share of the picture. */
  readonly still: number;
}

/** What a click can do about it. */
export interface Mend {
  take(area: AreaNumber, tool: "brush" | "path"): void;
  setPath(area: AreaNumber, path: Path, words: string): void;
  clear(area: AreaNumber): void;
}

/** Less of the picture may vanish when the photo is scaled down for sending. */
const TINY = 0.0005;
const NEARLY_ALL = 0.9;

const ORDER = { error: 0, warn: 1, hint: 2 } as const;

export function factsOf(painting: Painting): Facts {
  const { plane } = painting;
  const areas = AREAS.map((area) => {
    const path = painting.paths.get(area) ?? null;
    const start = path?.[0];
    const share = painting.share(area);
    const outside = share > 0 && start !== undefined && plane.at(start) !== area;
    return { area, share, path, entrance: outside ? nearestPixel(plane, area, start, Number.POSITIVE_INFINITY) : null };
  });
  return { width: plane.width, height: plane.height, areas, still: painting.share(STATIC) };
}

/** The gravest first. */
export function checksOf(facts: Facts, mend: Mend): Check[] {
  const used = facts.areas.filter(({ share, path }) => share > 0 || path);
  if (used.length === 0) return [beginning(facts.still > 0, mend)];
  const checks = used.flatMap((area) => [...ofArea(area, facts, mend)]);
  return checks.sort((one, other) => ORDER[one.level] - ORDER[other.level]);
}

function beginning(still: boolean, mend: Mend): Check {
  if (!still) return { level: "hint", words: "Paint what shall move, then draw its path with P." };
  const fix = { label: "Paint Area 1", run: () => mend.take(1, "brush") };
  return { level: "warn", words: "Only the static area is painted, so nothing moves.", fix };
}

function* ofArea({ area, share, path, entrance }: AreaFacts, { width, height }: Facts, mend: Mend): Iterable<Check> {
  const name = areaName(area);
  if (share === 0) {
    const fix = { label: "Paint it", run: () => mend.take(area, "brush") };
    yield { level: "warn", words: `${name} has a path but nothing painted, so it is left out.`, fix };
  }
  if (path === null) {
    const fix = { label: "Draw it", run: () => mend.take(area, "path") };
    yield { level: "warn", words: `${name} has no path yet.`, fix };
  } else if (pathLength(path) === 0) {
    const fix = { label: "Draw it again", run: () => mend.take(area, "path") };
    yield { level: "error", words: `${name}'s path goes nowhere: it needs a second point.`, fix };
  }
  if (path && entrance) {
    const [sx, sy] = path[0] as Point;
    const [dx, dy] = [entrance[0] - sx, entrance[1] - sy];
    const moved = path.map(([x, y]): Point => [x + dx, y + dy]);
    const fix = { label: "Start it in the area", run: () => mend.setPath(area, moved, "path moved") };
    const away = Math.max(1, Math.round(Math.hypot(dx, dy)));
    yield { level: "warn", words: `${name}'s path starts ${away} px outside the area.`, fix };
  }
  if (path?.some(([x, y]) => x < 0 || y < 0 || x > width || y > height)) {
    const inside = trimmed(path, width, height);
    const fix = { label: "Trim it", run: () => mend.setPath(area, inside, "path trimmed") };
    yield { level: "warn", words: `${name}'s path leaves the picture.`, fix };
  }
  if (share > 0 && share < TINY) {
    const fix = { label: "Clear it", run: () => mend.clear(area) };
    yield { level: "warn", words: `${name} is so small (${inPercent(share)} of the picture) that it may vanish.`, fix };
  }
  if (share > NEARLY_ALL) {
    yield {
      level: "hint",
      words: `${name} is ${inPercent(share)} of the picture: to move all of it use the camera instead.`,
    };
  }
}

function trimmed(path: Path, width: number, height: number): Path {
  return path.map(([x, y]): Point => [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))]);
}
