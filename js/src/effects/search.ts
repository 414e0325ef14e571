// Search that forgives: every word of the query must be found somewhere in an effect, spelt about right.
import type { Effect } from "./table";

// What a match costs: exact beats a beginning beats a middle beats a slip of the fingers; a title beats a tag.
const BEGINNING = 1;
const MIDDLE = 3;
const SLIP = 10;
const SCATTERED = 14;
const OTHER_FIELD = 0.5;

type Searched = Pick<Effect, "scene" | "title" | "tags" | "category">;

/** The effects that fit the query, best first, and of equals the shorter title. An empty query fits all. */
export function search<E extends Searched>(effects: readonly E[], query: string): readonly E[] {
  const wanted = words(query);
  if (wanted.length === 0) return effects;
  const found = effects
    .map((effect) => ({ effect, cost: costOf(effect, wanted) }))
    .filter(({ cost }) => cost < Infinity)
    .sort((a, b) => a.cost - b.cost || a.effect.title.length - b.effect.title.length);
  // Guesses are for when nothing is spelt that way.
  const best = found[0]?.cost ?? 0;
  return found.filter(({ cost }) => best >= SLIP || cost < SLIP).map(({ effect }) => effect);
}

interface Fields {
  title: string;
  names: readonly string[];
  others: readonly string[];
}

// Cut into words once, not at every key.
const known = new WeakMap<Searched, Fields>();

function fieldsOf(effect: Searched): Fields {
  const before = known.get(effect);
  if (before) return before;
  const title = words(effect.title);
  const fields = {
    title: title.join(""),
    names: [...title, title.join(""), ...words(effect.scene)],
    others: [...effect.tags.flatMap(words), ...words(effect.category)],
  };
  known.set(effect, fields);
  return fields;
}

function costOf(effect: Searched, wanted: readonly string[]): number {
  const { title, names, others } = fieldsOf(effect);
  let total = 0;
  for (const word of wanted) {
    const inName = Math.min(...names.map((name) => wordCost(word, name)));
    const inOthers = Math.min(...others.map((other) => wordCost(word, other))) + OTHER_FIELD;
    total += Math.min(inName, inOthers, scattered(word, title));
  }
  return total;
}

function wordCost(typed: string, word: string): number {
  if (word === typed) return 0;
  if (word.startsWith(typed)) return BEGINNING;
  if (typed.length > 1 && word.includes(typed)) return MIDDLE;
  // Of three letters any other one would fit half the table; in the wrong order they still mean the same word.
  if (typed.length < 3 || (typed.length === 3 && letters(typed) !== letters(word.slice(0, 3)))) return Infinity;
  const slips = typed.length < 7 ? 1 : 2;
  const off = distanceToBeginning(typed, word);
  return off <= slips ? SLIP + off : Infinity;
}

function letters(word: string): string {
  return [...word].sort().join("");
}

/** Letters in the right order with others between, as in "bltm" for bullet time; the first must be the first. */
function scattered(typed: string, word: string): number {
  if (typed.length < 3 || typed[0] !== word[0]) return Infinity;
  let at = 0;
  for (const letter of word) if (letter === typed[at]) at += 1;
  return at === typed.length ? SCATTERED : Infinity;
}

/** Insertions, deletions, replacements and neighbours swapped between `typed` and the best-fitting beginning of `word`. */
export function distanceToBeginning(typed: string, word: string): number {
  // rows[i][j]: from the first i letters typed to the first j of the word
  const rows: number[][] = [Array.from({ length: word.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= typed.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= word.length; j++) {
      const same = typed[i - 1] === word[j - 1];
      const swapped = i > 1 && j > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1];
      row.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + (same ? 0 : 1),
          swapped ? at(i - 2, j - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return Math.min(...(rows[typed.length] ?? []));
}

/** Lower case, no accents, no apostrophes; all else that is no letter or digit parts words. */
function words(text: string): string[] {
  return text
    .normalize("NFKD")
    .replace(/[\p{M}'’]/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}
