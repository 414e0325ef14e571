import { describe, expect, it } from "vitest";
import { clock, elapsed, foundWords, inWords, lostWords, moment, type TaskState } from "../src/task/state";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const task: TaskState = {
  id: "827364982736",
  status: "processing",
  message: "",
  reason: "",
  created: 100 * SECOND,
  updated: 130 * SECOND,
  units: null,
  found: false,
  offline: false,
  origin: "api-singapore.klingai.com",
  film: "none",
  pictures: 0,
  trouble: "",
  lost: null,
  watching: true,
};

describe("a task in words", () => {
  it.each([
    [{ status: "submitted" }, "Submitted"],
    [{ status: "processing" }, "Processing"],
    [{ status: "failed" }, "Failed"],
    [{ status: "succeed", film: "fetching" }, "Fetching the film"],
    [{ status: "succeed", film: "ready" }, "Done"],
    [{ status: "succeed", film: "fetching", trouble: "No answer." }, "Done, film not fetched"],
    [{ status: "succeed", film: "none", watching: false }, "Done, film not fetched"],
    [{ status: "succeed", film: "fetching", pictures: 4 }, "Fetching the pictures"],
    [{ status: "succeed", film: "none", watching: false, pictures: 1 }, "Done, pictures not fetched"],
  ] as [Partial<TaskState>, string][])("%o is %s", (change, words) => {
    expect(inWords({ ...task, ...change })).toBe(words);
  });

  it("says how long nothing was heard, of whom, and that it is no reason to worry", () => {
    const lost = { since: 200 * SECOND, why: "" };
    expect(lostWords({ ...task, lost }, 212_900)).toBe(
      "No answer from api-singapore.klingai.com for 12 s. The task goes on there; trying again.",
    );
    expect(lostWords({ ...task, lost }, 200 * SECOND + 3 * MINUTE)).toContain("for 3:00 min.");
    expect(lostWords({ ...task, lost: { ...lost, why: "internal error (code 5000)" } }, 205_000)).toBe(
      "Trouble at api-singapore.klingai.com for 5 s: internal error (code 5000). The task goes on there; trying again.",
    );
    expect(lostWords(task, 212_900)).toBe("");
  });
});

describe("a task that was made before", () => {
  const noon = new Date(2026, 10, 21, 12, 0).getTime();
  const found = { ...task, found: true, created: noon, updated: noon + 3 * MINUTE };

  it.each([
    [{ status: "succeed" }, "Already made, not charged again. Finished on 21 Nov, 12:03."],
    [{ status: "processing" }, "Already under way, not charged again. Asked for on 21 Nov, 12:00."],
    [{ status: "succeed", offline: true }, "Already made, found again. Finished on 21 Nov, 12:03."],
    [{ status: "submitted", offline: true }, "Already under way, found again. Asked for on 21 Nov, 12:00."],
    [{ status: "failed" }, "Asked for on 21 Nov, 12:00."],
    [{ found: false }, ""],
  ] as [Partial<TaskState>, string][])("%o says %s", (change, words) => {
    expect(foundWords({ ...found, ...change }, noon)).toBe(words);
  });

  it("bears its year where that is another one", () => {
    expect(moment(noon, new Date(2027, 0, 2).getTime())).toBe("21 Nov 2026, 12:00");
  });
});

describe("the time a task takes", () => {
  it("runs from its creation until its end, and then stands", () => {
    expect(elapsed(task, 142 * SECOND)).toBe(42 * SECOND);
    expect(elapsed({ ...task, status: "succeed" }, 999 * SECOND)).toBe(30 * SECOND);
  });

  it("is never negative, whoever's clock is off", () => {
    expect(elapsed(task, 0)).toBe(0);
  });

  it("reads as minutes and seconds, with hours when there are any", () => {
    expect([0, 7_900, 65_000, 12 * MINUTE + 5_000, 62 * MINUTE + 5_000].map(clock)).toEqual([
      "0:00",
      "0:07",
      "1:05",
      "12:05",
      "1:02:05",
    ]);
  });
});
