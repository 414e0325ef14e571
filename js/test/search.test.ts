import { describe, expect, it } from "vitest";
import table from "../../kling_widgets/data/effects.json";
import { distanceToBeginning, search } from "../src/effects/search";
import type { Effect } from "../src/effects/table";

const effects = table.effects as unknown as Effect[];
const scenes = (query: string) => search(effects, query).map(({ scene }) => scene);

describe("the search over the vendor's 229 effects", () => {
  it("finds all for an empty query, in the table's order", () => {
    expect(search(effects, "  ")).toBe(effects);
  });

  it("finds every effect first by its own title", () => {
    const lost = effects.filter(({ title }) => search(effects, title)[0]?.title !== title).map(({ title }) => title);
    expect(lost).toEqual([]);
  });

  it("finds every effect by its scene name, apostrophes and all", () => {
    const lost = effects.filter(({ scene }) => !scenes(scene).includes(scene)).map(({ scene }) => scene);
    expect(lost).toEqual([]);
  });

  it("puts titles before tags", () => {
    const inTitle = search(effects, "hug").map(({ title }) => /\bhug\b/i.test(title));
    expect(inTitle).toEqual(inTitle.toSorted((a, b) => Number(b) - Number(a)));
    expect(new Set(inTitle).size).toBe(2);
    expect(scenes("hug")[0]).toBe("hug_pro");
  });

  it.each([
    ["a letter missing", "baloon parade", "balloon_parade"],
    ["neighbours swapped", "firewrok", "firework"],
    ["neighbours swapped in a short word", "hgu pro", "hug_pro"],
    ["a wrong letter", "snowgloba", "snowglobe"],
    ["a typo in an unfinished word", "stempu", "steampunk"],
    ["words run together", "bullettime", "bullet_time"],
    ["letters left out", "bltm", "bullet_time"],
    ["words in another order", "dance pet", "pet_dance"],
    ["no apostrophe", "lets ride", "let’s_ride"],
    ["another apostrophe", "let's ride", "let’s_ride"],
    ["capitals and accents", "FIREWÖRK", "firework"],
  ])("forgives %s: %s", (_, query, scene) => {
    expect(scenes(query)).toContain(scene);
  });

  it("does not guess where something is spelt that way", () => {
    for (const { title, scene, tags, category } of search(effects, "lion"))
      expect([title, scene, category, ...tags].join(" ").toLowerCase()).toContain("lion");
  });

  it("does not take any word of three letters for any other", () => {
    expect(scenes("hux")).toEqual([]);
  });

  it("needs every word", () => {
    expect(scenes("hug zebra")).toEqual([]);
    expect(scenes("qqqq")).toEqual([]);
  });
});

describe("the distance to the beginning of a word", () => {
  it("is nothing for a beginning, and one for each slip", () => {
    expect(distanceToBeginning("ball", "balloon")).toBe(0);
    expect(distanceToBeginning("balo", "balloon")).toBe(1);
    expect(distanceToBeginning("blal", "balloon")).toBe(1);
    expect(distanceToBeginning("xyz", "balloon")).toBe(3);
  });
});
