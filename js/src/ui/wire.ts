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
  /**
   * Asks the kernel. Rejects with Refused, in words a person can read. There is no time limit: a busy kernel answers late.
   * What may be asked twice is asked `again` where a host lost it; it must be one that Python answers at once.
   */
  ask<T = Record<string, unknown>>(
    kind: string,
    body?: unknown,
    buffers?: readonly BufferSource[],
    again?: boolean,
  ): Promise<Answer<T>>;
  /** Hears what the kernel says by itself. */
  on<T>(kind: string, hear: (body: T, bytes: Uint8Array<ArrayBuffer>) => void): void;
}

interface Waiting {
  resolve(answer: Answer<never>): void;
  reject(error: Refused): void;
  parts: Uint8Array<ArrayBuffer>[];
  timer?: ReturnType<typeof setTimeout>;
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

/** Milliseconds before one looks whether a question was lost, and the most between two looks. */
const DOUBT = 5_000;
const RARELY = 300_000;

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
      forget(message.answer);
      question.reject(new Refused(message.error?.message ?? "The kernel gave no reason.", message.error?.problems));
      return;
    }
    question.parts[message.part ?? 0] = bytes;
    if (question.parts.filter(Boolean).length < (message.parts ?? 1)) return;
    forget(message.answer);
    question.resolve({ body: message.body as never, bytes: join(question.parts) });
  }

  function forget(id: number): void {
    clearTimeout(waiting.get(id)?.timer);
    waiting.delete(id);
  }

  /** Answers come in the order of the questions: one that a later "ping" overtakes was lost, by a socket that dropped. */
  function doubt(id: number, send: () => void, wait = DOUBT, sends = { count: 0 }): void {
    const question = waiting.get(id);
    if (question === undefined) return;
    question.timer = setTimeout(() => {
      const before = sends.count;
      wire.ask("ping").then(
        () => {
          // Pings pile up before a busy kernel too; one of them is enough.
          if (!waiting.has(id) || before !== sends.count) return;
          sends.count += 1;
          question.parts = [];
          send();
        },
        (error) => {
          forget(id);
          question.reject(error);
        },
      );
      doubt(id, send, Math.min(wait * 2, RARELY), sends);
    }, wait);
  }

  model.on("msg:custom", receive);
  signal.addEventListener("abort", () => {
    model.off("msg:custom", receive);
    for (const id of [...waiting.keys()]) forget(id);
  });

  const wire: Wire = {
    ask(kind, body = {}, buffers = [], again = false) {
      count += 1;
      const id = prefix + count;
      const bytes = buffers.map(tight);
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, parts: [] });
        const send = () => {
          try {
            model.send({ ask: kind, id, body }, undefined, bytes);
          } catch {
            forget(id);
            reject(new KernelGone());
          }
        };
        send();
        if (again) doubt(id, send);
      });
    },
    on(kind, hear) {
      hearers.set(kind, hear as (body: never, bytes: Uint8Array<ArrayBuffer>) => void);
    },
  };
  return wire;
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
