// Masks grown, shrunk and measured, a byte a pixel.

/** Every pixel that touches the mask with a side becomes part of it. */
export function dilated(mask: Uint8Array, width: number): Uint8Array {
  const out = mask.slice();
  for (let at = 0, x = 0; at < mask.length; at++, x = x + 1 === width ? 0 : x + 1) {
    if (!mask[at]) continue;
    if (x > 0) out[at - 1] = 1;
    if (x < width - 1) out[at + 1] = 1;
    if (at >= width) out[at - width] = 1;
    if (at + width < mask.length) out[at + width] = 1;
  }
  return out;
}

/** Every pixel that touches the outside with a side leaves it; the picture's edge is no outside. */
export function eroded(mask: Uint8Array, width: number): Uint8Array {
  const out = mask.slice();
  for (let at = 0, x = 0; at < mask.length; at++, x = x + 1 === width ? 0 : x + 1) {
    if (mask[at]) continue;
    if (x > 0) out[at - 1] = 0;
    if (x < width - 1) out[at + 1] = 0;
    if (at >= width) out[at - width] = 0;
    if (at + width < mask.length) out[at + width] = 0;
  }
  return out;
}

/** How far each pixel is from the mask, in pixels, to a few per cent; 0 inside it. */
export function away(mask: Uint8Array, width: number): Float32Array {
  const far = new Float32Array(mask.length);
  for (let at = 0; at < mask.length; at++) far[at] = mask[at] ? 0 : 1e6;
  sweep(far, width, 0, mask.length, 1);
  sweep(far, width, mask.length - 1, -1, -1);
  return far;
}

function sweep(far: Float32Array, width: number, from: number, to: number, step: 1 | -1): void {
  const first = step > 0 ? 0 : width - 1;
  const last = width - 1 - first;
  for (let at = from, x = first; at !== to; at += step, x = x === last ? first : x + step) {
    let best = far[at] as number;
    if (best === 0) continue;
    const above = at - step * width;
    if (x !== first) best = Math.min(best, (far[at - step] as number) + 1);
    if (above >= 0 && above < far.length) {
      best = Math.min(best, (far[above] as number) + 1);
      if (x !== first) best = Math.min(best, (far[above - step] as number) + Math.SQRT2);
      if (x !== last) best = Math.min(best, (far[above + step] as number) + Math.SQRT2);
    }
    far[at] = best;
  }
}
