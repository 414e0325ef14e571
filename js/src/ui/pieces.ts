// A file on its way to the kernel, in pieces: Colab drops large messages without a word, JupyterLab above 10 MiB.
// The kernel's half is kling_widgets/widgets/pieces.py.
import type { Wire } from "./wire";

const PIECE = 384 * 1024;

/** Sends `file` as answers to one question after another, so that no more than a piece is on the way at a time. */
export async function sendInPieces(wire: Wire, kind: string, body: object, file: Blob): Promise<void> {
  const upload = crypto.getRandomValues(new Uint32Array(2)).join("-");
  const parts = Math.max(1, Math.ceil(file.size / PIECE));
  for (let part = 0; part < parts; part++) {
    const piece = await file.slice(part * PIECE, (part + 1) * PIECE).arrayBuffer();
    await wire.ask(kind, { ...body, upload, part, parts }, [piece]);
  }
}
