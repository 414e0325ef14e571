// An area's outline made wider, narrower or smoother. Masks are one byte a pixel, 0 or 1, row by row.

/** Every pixel within `radius` of a pixel that holds `what`, from centre to centre. */
export function near(mask: Uint8Array, what: 0 | 1, width: number, height: number, radius: number): Uint8Array {
  const rows = Array.from({ length: height }, (_, row) => runsOf(mask.subarray(row * width, (row + 1) * width), what));
  // A run so many rows above or below reaches so far beyond its ends.
  const reach = Array.from({ length: radius + 1 }, (_, away) => Math.floor(Math.sqrt(radius * radius - away * away)));
  const out = new Uint8Array(mask.length);
  const steps = new Int32Array(width + 1);
  for (let row = 0; row < height; row++) {
    let any = false;
    for (let other = Math.max(0, row - radius); other <= Math.min(height - 1, row + radius); other++) {
      const far = reach[Math.abs(other - row)] as number;
      const runs = rows[other] as number[];
      for (let at = 0; at < runs.length; at += 2) {
        const [first, end] = [Math.max(0, (runs[at] as number) - far), Math.min(width, (runs[at + 1] as number) + far)];
        steps[first] = (steps[first] as number) + 1;
        steps[end] = (steps[end] as number) - 1;
        any = true;
      }
    }
    if (!any) continue;
    let deep = 0;
    for (let x = 0; x < width; x++) {
      deep += steps[x] as number;
      if (deep > 0) out[row * width + x] = 1;
    }
    steps.fill(0);
  }
  return out;
}

/** Rounds corners, drops crumbs, fills pinholes: the half where a mask blurred twice is thick. */
export function smooth(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const sums = new Uint32Array(mask);
  blur(sums, width, height, radius);
  blur(sums, width, height, radius);
  const half = (2 * radius + 1) ** 4 / 2;
  const out = new Uint8Array(mask.length);
  for (let at = 0; at < out.length; at++) if ((sums[at] as number) > half) out[at] = 1;
  return out;
}

/** First and end column of each stretch. */
function runsOf(line: Uint8Array, what: 0 | 1): number[] {
  const runs: number[] = [];
  for (let at = line.indexOf(what); at >= 0; at = line.indexOf(what, at)) {
    const end = line.indexOf(1 - what, at);
    runs.push(at, end < 0 ? line.length : end);
    if (end < 0) break;
    at = end;
  }
  return runs;
}

/** Sums over squares of 2 `radius` + 1 pixels, in place; beyond the edge is nought. */
function blur(pixels: Uint32Array, width: number, height: number, radius: number): void {
  const padded = new Uint32Array(width + 2 * radius + 1);
  for (let start = 0; start < pixels.length; start += width) {
    padded.set(pixels.subarray(start, start + width), radius + 1);
    let sum = 0;
    for (let x = 1; x <= radius; x++) sum += padded[x + radius] as number;
    for (let x = 0; x < width; x++) {
      sum += (padded[x + 2 * radius + 1] as number) - (padded[x] as number);
      pixels[start + x] = sum;
    }
  }
  const sums = new Uint32Array(width);
  const lines = pixels.slice();
  for (let row = -radius; row < height; row++) {
    const comes = row + radius < height ? (row + radius) * width : -1;
    const goes = row > radius ? (row - radius - 1) * width : -1;
    if (comes >= 0) for (let x = 0; x < width; x++) sums[x] = (sums[x] as number) + (lines[comes + x] as number);
    if (goes >= 0) for (let x = 0; x < width; x++) sums[x] = (sums[x] as number) - (lines[goes + x] as number);
    if (row >= 0) pixels.set(sums, row * width);
  }
}
