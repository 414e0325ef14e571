// Drawings that outlive their kernel: in this page, and where the browser has a database for us, in this browser.
import type { Path } from "../paint/history";

export interface Draft {
  /** Which brush it was drawn with, in which life of a kernel, on which photo. */
  readonly brush: string;
  readonly session: string;
  readonly photo: string;
  /** The whole plane as it goes on the wire. */
  readonly labels: Uint8Array<ArrayBuffer>;
  readonly paths: Record<string, Path | null>;
  /** Whether that kernel had all of it. */
  readonly sent: boolean;
  /** When it was kept, in milliseconds since 1970. */
  readonly at: number;
}

const NEWEST = 20;
/** Bytes of labels: one by hand is far below, noise need not be kept. */
const MOST = 1 << 20;

/** Every widget's bundle is a module of its own, so what a page shares hangs on the page. */
const PAGE = Symbol.for("kling_widgets.drafts");

interface Page {
  drafts: Map<string, Draft>;
  /** Brushes whose drafts a view offers: two brushes on one photo are not offered the same strokes. */
  offered: Set<string>;
}

export function offered(): Set<string> {
  return page().offered;
}

export function keep(draft: Draft): void {
  if (draft.labels.length > MOST) return;
  page().drafts.set(draft.brush, draft);
  attempt((store) => store.put(draft));
}

export function drop(brush: string): void {
  page().drafts.delete(brush);
  attempt((store) => store.delete(brush));
}

/** All that are kept, newest first; what is older than the newest few goes. */
export async function drafts(): Promise<Draft[]> {
  const stored = (await attempt<Draft[]>((store) => store.getAll())) ?? [];
  const all = new Map([...stored.map((one) => [one.brush, one] as const), ...page().drafts]);
  const sorted = [...all.values()].sort((one, other) => other.at - one.at);
  for (const { brush } of sorted.splice(NEWEST)) drop(brush);
  return sorted;
}

function page(): Page {
  const here = globalThis as { [PAGE]?: Page };
  here[PAGE] ??= { drafts: new Map(), offered: new Set() };
  return here[PAGE];
}

/** Does one thing with the database. A browser that has none, or lends it to nobody here, is no reason to complain. */
async function attempt<T>(work: (store: IDBObjectStore) => IDBRequest): Promise<T | undefined> {
  try {
    const opening = indexedDB.open("kling_widgets", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("drafts", { keyPath: "brush" });
    const database: IDBDatabase = await done(opening);
    try {
      return await done<T>(work(database.transaction("drafts", "readwrite").objectStore("drafts")));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

function done<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
}
