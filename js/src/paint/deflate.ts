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
  const { words, across } = inWords(rows, width);
  for (let at = words.length - 1; at >= across; at--)
    words[at] = (words[at] as number) ^ (words[at - across] as number);
  return deflate(rows);
}

export async function unpackLabels(bytes: Uint8Array<ArrayBuffer>, width: number): Promise<Uint8Array<ArrayBuffer>> {
  const labels = await inflate(bytes);
  const { words, across } = inWords(labels, width);
  for (let at = across; at < words.length; at++) words[at] = (words[at] as number) ^ (words[at - across] as number);
  return labels;
}

/** Four labels at once where rows are of whole fours, as those of large photos are. */
function inWords(rows: Uint8Array<ArrayBuffer>, width: number): { words: Uint8Array | Int32Array; across: number } {
  const whole = width % 4 === 0 && rows.length % 4 === 0;
  return whole ? { words: new Int32Array(rows.buffer), across: width / 4 } : { words: rows, across: width };
}

/** Larger than this is read from a blob: slower, but in pieces with room for frames between them. */
const AT_ONCE = 4_000_000;

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream) {
  const source = bytes.length > AT_ONCE ? new Blob([bytes]).stream() : whole(bytes);
  return new Uint8Array(await new Response(source.pipeThrough(stream)).arrayBuffer());
}

function whole(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(stream) {
      stream.enqueue(bytes);
      stream.close();
    },
  });
}
