// Questions to the kernel and its answers. The kernel's half is kling_widgets/widgets/base.py.
import type { AnyModel } from "@anywidget/types";

export interface Problem {
  field: string;
  message: string;
  fix: string;
}

/** A question that the kernel answered with an error, or could not answer. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
  }
}

/** The kernel cannot be reached: it was restarted or is gone. What is on screen stays. */
export class KernelGone extends Refused {
  constructor() {
    super("The kernel was restarted or is gone. Run this cell again to go on; what is on screen is kept until then.");
  }
}

export interface Answer<T> {
  body: T;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface Wire {
  /** Asks the kernel. Rejects with Refused, in words a person can read. There is no time limit: a busy kernel answers late. */
  ask<T = Record<string, unknown>>(kind: string, body?: unknown, buffers?: readonly BufferSource[]): Promise<Answer<T>>;
  /** Hears what the kernel says by itself. */
  on<T>(kind: string, hear: (body: T, bytes: Uint8Array<ArrayBuffer>) => void): void;
}

interface Waiting {
  resolve(answer: Answer<never>): void;
  reject(error: Refused): void;
  parts: Uint8Array<ArrayBuffer>[];
}

interface Incoming {
  answer?: number;
  tell?: string;
  ok?: boolean;
  body?: unknown;
  part?: number;
  parts?: number;
  error?: { message: string; problems: Problem[] };
}

// biome-ignore lint/suspicious/noExplicitAny: a widget's own model type is narrower than what the wire needs
export function connect(model: AnyModel<any>, signal: AbortSignal): Wire {
  // Two views of one model share its message stream, so a question's number must be its own in the whole page.
  const prefix = Math.floor(Math.random() * 2 ** 32) * 2 ** 20;
  const waiting = new Map<number, Waiting>();
  const hearers = new Map<string, (body: never, bytes: Uint8Array<ArrayBuffer>) => void>();
  let count = 0;

  function receive(message: Incoming, buffers: DataView[]): void {
    const bytes = join(
      buffers.map((view) => new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength)),
    );
    if (message.tell !== undefined) {
      hearers.get(message.tell)?.(message.body as never, bytes);
      return;
    }
    const question = message.answer === undefined ? undefined : waiting.get(message.answer);
    if (question === undefined || message.answer === undefined) return;
    if (!message.ok) {
      waiting.delete(message.answer);
      question.reject(new Refused(message.error?.message ?? "The kernel gave no reason.", message.error?.problems));
      return;
    }
    question.parts[message.part ?? 0] = bytes;
    if (question.parts.filter(Boolean).length < (message.parts ?? 1)) return;
    waiting.delete(message.answer);
    question.resolve({ body: message.body as never, bytes: join(question.parts) });
  }

  model.on("msg:custom", receive);
  signal.addEventListener("abort", () => {
    model.off("msg:custom", receive);
    waiting.clear();
  });

  return {
    ask(kind, body = {}, buffers = []) {
      count += 1;
      const id = prefix + count;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, parts: [] });
        try {
          model.send({ ask: kind, id, body }, undefined, buffers.map(tight));
        } catch {
          waiting.delete(id);
          reject(new KernelGone());
        }
      });
    },
    on(kind, hear) {
      hearers.set(kind, hear as (body: never, bytes: Uint8Array<ArrayBuffer>) => void);
    },
  };
}

/** A buffer that is exactly its bytes: hosts send the whole ArrayBuffer behind a view. */
function tight(source: BufferSource): ArrayBuffer {
  if (source instanceof ArrayBuffer) return source;
  return new Uint8Array(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength).slice().buffer;
}

function join(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const only = parts[0];
  if (parts.length === 1 && only) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
