// Bytes on the wire as zlib packs them, with its header, so that Python's zlib reads and writes the same.

export function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return through(bytes, new CompressionStream("deflate"));
}

export function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return through(bytes, new DecompressionStream("deflate"));
}

/**
 * Labels, row by row of that width: each row as what differs from the row above it, then deflated. An area's edge moves little
 * from row to row, so a stroke is a few kilobytes. Python's half is kling_widgets/widgets/labels.py.
 */
export function packLabels(labels: Uint8Array<ArrayBuffer>, width: number): Promise<Uint8Array<ArrayBuffer>> {
  const rows = labels.slice();
  for (let at = rows.length - 1; at >= width; at--) rows[at] = (labels[at] as number) ^ (labels[at - width] as number);
  return deflate(rows);
}

export async function unpackLabels(bytes: Uint8Array<ArrayBuffer>, width: number): Promise<Uint8Array<ArrayBuffer>> {
  const labels = await inflate(bytes);
  for (let at = width; at < labels.length; at++) labels[at] = (labels[at] as number) ^ (labels[at - width] as number);
  return labels;
}

/** The browser packs off the main thread. */
async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream) {
  const out = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(out).arrayBuffer());
}
