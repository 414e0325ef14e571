import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import examples from "../../tests/brush/labels.json";
import { inFours, Outbox } from "../src/brush/outbox";
import { packLabels, unpackLabels } from "../src/paint/deflate";
import { Painting } from "../src/paint/painting";
import { type Answer, connect, KernelGone, type Wire } from "../src/ui/wire";
import { dice } from "./random";

interface Asked {
  ask: string;
  id: number;
  body: Record<string, unknown>;
}

/** A host whose kernel answers when it is told to. */
function host() {
  const asked: Asked[] = [];
  let hear: (message: object, buffers: DataView[]) => void = () => {};
  const model = {
    gone: false,
    on: (_: string, heard: typeof hear) => {
      hear = heard;
    },
    off: () => {},
    get: () => "",
    send(message: Asked) {
      if (model.gone) throw new Error("Cannot send");
      asked.push(message);
    },
  };
  const end = new AbortController();
  const wire = connect(model as never, end.signal);
  const answer = ({ id }: Asked, body: object = {}) => hear({ answer: id, ok: true, body }, []);
  return { asked, model, wire, end, answer };
}

describe("a question that may be asked again", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("is asked again when a later one was answered first, with the same number", async () => {
    const { asked, wire, answer } = host();
    const question = wire.ask("brush.edit", { rev: 1 }, [], true);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked.map(({ ask }) => ask)).toEqual(["brush.edit", "ping"]);
    answer(asked[1] as Asked);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.map(({ ask }) => ask)).toEqual(["brush.edit", "ping", "brush.edit"]);
    expect(asked[2]).toEqual(asked[0]);
    answer(asked[2] as Asked, { rev: 1 });
    expect((await question).body).toEqual({ rev: 1 });
  });

  test("is asked once of a busy kernel, which answers in its own time", async () => {
    const { asked, wire, answer } = host();
    const question = wire.ask("brush.edit", { rev: 1 }, [], true);
    await vi.advanceTimersByTimeAsync(600_000);
    for (const one of [...asked]) answer(one);
    await question;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked.filter(({ ask }) => ask === "brush.edit")).toHaveLength(1);
    // After 5, 15, 35 seconds and so on, but never less often than every five minutes.
    expect(asked.filter(({ ask }) => ask === "ping")).toHaveLength(6);
  });

  test("that was lost under many pings is asked again once", async () => {
    const { asked, wire, answer } = host();
    void wire.ask("brush.edit", { rev: 1 }, [], true);
    await vi.advanceTimersByTimeAsync(100_000);
    for (const one of asked.filter(({ ask }) => ask === "ping")) answer(one);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.filter(({ ask }) => ask === "brush.edit")).toHaveLength(2);
  });

  test("fails in words when the kernel has gone since", async () => {
    const { model, wire } = host();
    const question = wire.ask("brush.edit", {}, [], true).catch((error) => error);
    model.gone = true;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await question).toBeInstanceOf(KernelGone);
  });

  test("is forgotten with its view", async () => {
    const { asked, wire, end } = host();
    void wire.ask("brush.edit", {}, [], true);
    end.abort();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("labels on the wire", () => {
  const bytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  test.each(examples.planes)("$name: Python's bytes and a browser's are the same labels", async (plane) => {
    const labels = Uint8Array.from(plane.rows.join(""), Number);
    const width = plane.rows[0]?.length ?? 0;
    expect(await unpackLabels(bytes(plane.python), width)).toEqual(labels);
    expect(await unpackLabels(bytes(plane.browser), width)).toEqual(labels);
    expect(await unpackLabels(await packLabels(labels, width), width)).toEqual(labels);
  });

  test("come back as they were, whatever they are", async () => {
    const random = dice(11);
    for (let turn = 0; turn < 60; turn++) {
      const width = 1 + Math.floor(random() * 40);
      const labels = new Uint8Array(width * (1 + Math.floor(random() * 40)));
      for (let at = 0; at < labels.length; at++)
        labels[at] = random() < 0.7 && at ? (labels[at - 1] as number) : random() * 8;
      expect(await unpackLabels(await packLabels(labels, width), width)).toEqual(labels);
    }
  });
});

test("an edit is widened to columns of whole fours, and not beyond the picture", () => {
  expect(inFours({ x: 5, y: 2, width: 6, height: 9 }, 300)).toEqual({ x: 4, y: 2, width: 8, height: 9 });
  expect(inFours({ x: 8, y: 0, width: 4, height: 1 }, 300)).toEqual({ x: 8, y: 0, width: 4, height: 1 });
  expect(inFours({ x: 297, y: 0, width: 2, height: 1 }, 299)).toEqual({ x: 296, y: 0, width: 3, height: 1 });
});

describe("the outbox", () => {
  /** Python's plane, behind a kernel that answers when told to. */
  function kernel() {
    const there = new Painting(300, 200);
    const waiting: (() => void)[] = [];
    const sizes: number[] = [];
    const ask = async (_: string, body: { rect: number[] | null }, [labels]: Uint8Array<ArrayBuffer>[]) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      sizes.push(labels?.length ?? 0);
      if (body.rect && labels) {
        const [x, y, width, height] = body.rect as [number, number, number, number];
        there.plane.paste({ x, y, width, height }, await unpackLabels(labels, width));
      }
      return { body: {}, bytes: new Uint8Array() } as Answer<never>;
    };
    return { there, waiting, sizes, wire: { ask, on: () => {} } as unknown as Wire };
  }

  test("makes two edits of 200 strokes on a busy kernel, and Python ends with the same drawing", async () => {
    const random = dice(12);
    const { there, waiting, sizes, wire } = kernel();
    const outbox = new Outbox(
      wire,
      () => {},
      async () => {},
    );
    const here = new Painting(300, 200);
    for (let stroke = 0; stroke < 200; stroke++) {
      here.lay([random() * 300, random() * 200], [random() * 300, random() * 200], 8, (1 + (stroke % 7)) as 1);
      const change = here.commit();
      if (change) outbox.send(here, change);
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(waiting).toHaveLength(1);
    while (!outbox.empty) {
      waiting.shift()?.();
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(sizes).toHaveLength(2);
    expect(there.plane.data).toEqual(here.plane.data);
  });

  test("forgets what was drawn on the photo before", async () => {
    const { waiting, sizes, wire } = kernel();
    const outbox = new Outbox(
      wire,
      () => {},
      async () => {},
    );
    const here = new Painting(300, 200);
    for (const label of [1, 2] as const) {
      here.lay([50, 50], [99, 99], 8, label);
      const change = here.commit();
      if (change) outbox.send(here, change);
      await new Promise((resolve) => setTimeout(resolve));
    }
    while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve));
    outbox.begin(2);
    waiting.shift()?.();
    await outbox.sent();
    expect([sizes.length, outbox.empty]).toEqual([1, true]);
  });
});
