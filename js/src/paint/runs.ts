// Run lengths: a label, then how often it stands, seven bits a byte. A tile of one label is three or four bytes.

export function encodeRuns(labels: Uint8Array): Uint8Array {
  const out: number[] = [];
  // Four labels at once where the labels lie so: most of a tile is one label.
  const words = labels.byteOffset % 4 ? null : new Uint32Array(labels.buffer, labels.byteOffset, labels.length >> 2);
  for (let at = 0; at < labels.length; ) {
    const label = labels[at] as number;
    const four = label * 0x01010101;
    let end = at + 1;
    while (end < labels.length && labels[end] === label) {
      if (words && end % 4 === 0 && words[end >> 2] === four) end += 4;
      else end++;
    }
    out.push(label);
    let run = end - at;
    for (; run > 127; run >>>= 7) out.push((run & 127) | 128);
    out.push(run);
    at = end;
  }
  return Uint8Array.from(out);
}

export function decodeRuns(runs: Uint8Array, into: Uint8Array): Uint8Array {
  let at = 0;
  for (let next = 0; next < runs.length; ) {
    const label = runs[next++] as number;
    let run = 0;
    let byte = 128;
    for (let shift = 0; byte & 128; shift += 7) {
      byte = runs[next++] as number;
      run |= (byte & 127) << shift;
    }
    into.fill(label, at, at + run);
    at += run;
  }
  return into;
}
