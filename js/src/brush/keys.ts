// The brush's keys, in one table: what each does, and what the help sheet says of it. They are heard on the brush's own element,
// never on the page, and only those used here are kept from it.
import { AREAS, type AreaNumber, STATIC } from "../paint/plane";
import type { Desk } from "./desk";
import { type Hand, handOf } from "./hand";
import { type Face, perDesk } from "./tools/tool";

/** A key as it was pressed. */
interface Pressed {
  readonly desk: Desk;
  readonly hand: Hand;
  /** In small letters. */
  readonly key: string;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly time: number;
}

export interface Key {
  readonly shown: string;
  readonly words: string;
  /** What it answers to, as `spell` has it. */
  readonly chords: readonly string[];
  /** False where it has nothing to do just now. */
  run(pressed: Pressed): unknown;
  /** Only while the canvas has the focus. */
  readonly onStage?: boolean;
  /** A tool that is down by Enter stays down; before any other key it is lifted. */
  readonly keeps?: boolean;
}

const ARROWS: Record<string, readonly [number, number]> = {
  arrowleft: [-1, 0],
  arrowright: [1, 0],
  arrowup: [0, -1],
  arrowdown: [0, 1],
};

const alone: readonly Key[] = [
  { shown: "Tab", words: "To the picture: a crosshair shows", chords: [], run: () => false },
  {
    shown: "Arrows",
    words: "Move the crosshair a quarter of the brush, with Shift five times as far, with Alt one pixel",
    chords: Object.keys(ARROWS).flatMap((arrow) => [arrow, `shift+${arrow}`, `alt+${arrow}`]),
    onStage: true,
    keeps: true,
    run({ hand, key, shift, alt }) {
      const [dx, dy] = ARROWS[key] ?? [0, 0];
      const far = shift ? 5 : 1;
      hand.step(dx * far, dy * far, alt);
    },
  },
  {
    shown: "Enter",
    words: "Puts brush, path or whichever tool down, and lifts it again; with Shift straight",
    chords: ["enter", "shift+enter"],
    onStage: true,
    keeps: true,
    run: ({ hand, shift, time }) => hand.toggle(shift, time),
  },
  {
    shown: "Esc",
    words: "Drops what is being drawn",
    chords: ["escape"],
    onStage: true,
    keeps: true,
    run: ({ hand }) => hand.cancel(),
  },
];

const tools = (faces: readonly Face[]) =>
  faces.flatMap(({ name, key, label, hint, keys = [] }): Key[] => [
    {
      shown: key.toUpperCase(),
      words: `${label}: ${hint.charAt(0).toLowerCase()}${hint.slice(1)}`,
      chords: [key],
      run: ({ desk }) => desk.choose(name),
    },
    // The tool itself hears these.
    ...keys.map(([shown, words]) => ({ shown, words, chords: [], run: () => false })),
  ]);

const areas: readonly Key[] = [
  {
    shown: "1 to 6",
    words: "Take an area in hand",
    chords: AREAS.map(String),
    run: ({ desk, key }) => desk.take(Number(key) as AreaNumber),
  },
  { shown: "0", words: "Takes the static area in hand", chords: ["0"], run: ({ desk }) => desk.take(STATIC) },
  {
    shown: "Delete",
    words: "Clears the area in hand and its path, with Shift everything",
    chords: ["delete", "backspace", "shift+delete", "shift+backspace"],
    run: ({ desk, shift }) => (shift ? desk.clearAll() : desk.clear()),
  },
];

const steps: readonly Key[] = [
  { shown: "Ctrl Z", words: "Undo", chords: ["ctrl+z"], run: ({ desk }) => desk.document.undo() },
  {
    shown: "Ctrl Shift Z",
    words: "Redo",
    chords: ["ctrl+shift+z", "ctrl+y"],
    run: ({ desk }) => desk.document.redo(),
  },
];

const view: readonly Key[] = [
  {
    shown: "[ ]",
    words: "A smaller, a larger brush",
    chords: ["[", "]"],
    keeps: true,
    run({ desk, key }) {
      const size = desk.size.peek();
      desk.resize(key === "[" ? Math.min(size - 1, size * 0.85) : Math.max(size + 1, size * 1.18));
    },
  },
  {
    shown: "+ −",
    words: "Zoom in and out, as Ctrl and the wheel or two fingers do",
    chords: ["+", "=", "-"],
    keeps: true,
    run: ({ desk, key }) => desk.zoom(key === "-" ? 0.8 : 1.25),
  },
  { shown: "K", words: "Plays the preview and pauses it", chords: ["k"], run: ({ desk }) => desk.play() },
  { shown: "Home", words: "Zoom to fit", chords: ["home"], keeps: true, run: ({ desk }) => desk.fit() },
  {
    shown: "Space",
    words: "While held, dragging moves the picture",
    chords: [" "],
    onStage: true,
    keeps: true,
    run({ hand }) {
      hand.grip.value = true;
    },
  },
  {
    shown: "?",
    words: "This sheet",
    chords: ["?"],
    run({ desk }) {
      desk.help.value = true;
    },
  },
];

export type Groups = readonly { readonly title: string; readonly keys: readonly Key[] }[];

/** By what they are for; painting with keys alone comes first. */
export const groupsOf = (faces: readonly Face[]): Groups => [
  { title: "Painting with the keyboard alone", keys: alone },
  { title: "Tools", keys: tools(faces) },
  { title: "Areas", keys: areas },
  { title: "Steps", keys: steps },
  { title: "View", keys: view },
];
/** The table of a view: its tools never change. */
const keysOf = perDesk((desk) => groupsOf(desk.tools).flatMap(({ keys }) => keys));

/** Does what the key says; false where it says nothing to the brush. */
export function press(event: KeyboardEvent, desk: Desk, onStage: boolean): boolean {
  const hand = handOf(desk);
  if (!hand.down.peek() && desk.inHand.press?.(event, desk, hand.at.peek() !== null)) return true;
  const chord = spell(event);
  const key = keysOf(desk).find((one) => one.chords.includes(chord) && (onStage || !one.onStage));
  if (key === undefined) return false;
  if (!key.keeps) hand.lift();
  const { shiftKey: shift, altKey: alt, timeStamp: time } = event;
  return key.run({ desk, hand, key: event.key.toLowerCase(), shift, alt, time }) !== false;
}

/** "ctrl+shift+z", "b", "?". How a sign is typed differs from keyboard to keyboard, so its Shift and AltGr are not spelled. */
function spell(event: KeyboardEvent): string {
  const key = event.key.toLowerCase();
  const letter = /^[a-z]$/.test(key);
  const sign = key.length === 1 && !letter;
  const typed = sign && event.altKey;
  const ctrl = (event.ctrlKey || event.metaKey) && !typed;
  const alt = event.altKey && !typed;
  const shift = event.shiftKey && !sign && (ctrl || !letter);
  return `${ctrl ? "ctrl+" : ""}${alt ? "alt+" : ""}${shift ? "shift+" : ""}${key}`;
}

/** Keys that a control under the focus needs for itself, and a dialog, a menu or a text field all of them. */
export function isTheirs(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("[role=dialog], [role=menu], select, textarea, [contenteditable]")) return true;
  if (target instanceof HTMLInputElement) {
    const plain = /^(range|radio|checkbox)$/.test(target.type);
    return !plain || /^(Home|End|Enter| |Arrow|Page)/.test(key);
  }
  return target.closest("button, a[href], summary") !== null && /^(Enter| |Arrow)/.test(key);
}
