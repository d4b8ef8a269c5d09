import { dirname, join } from "node:path";

import { describe, expect, it } from "vitest";

import { textOf } from "./files.ts";

const PAGE = "docs/security/asvs.md";
const STATES = ["met", "partly", "not met", "does not apply", "the operator's"];

/** Requirements of levels 1 and 2 in each chapter of ASVS 5.0.0. */
const OF_CHAPTER = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7];

const text = textOf(PAGE);
const rows = [...text.matchAll(/^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| (.+) \|$/gm)].map(
  ([, id = "", , state = "", evidence = ""]) => ({ id, state, evidence }),
);

describe("the table of ASVS", () => {
  it("has every requirement of levels 1 and 2, once", () => {
    const ids = rows.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const chapters = OF_CHAPTER.map((_, at) => ids.filter((id) => id.startsWith(`${at + 1}.`)).length);
    expect(chapters).toEqual(OF_CHAPTER);
  });

  it("gives each a state and a test or a reason", () => {
    expect(rows.filter(({ state }) => !STATES.includes(state))).toEqual([]);
    const unshown = rows.filter(({ state, evidence }) => state === "met" && !evidence.includes("]("));
    expect(unshown).toEqual([]);
  });

  it("counts them as its summary says", () => {
    const said = STATES.map((state) => Number(new RegExp(`^\\| ${state} \\| (\\d+) \\|$`, "m").exec(text)?.[1]));
    expect(said).toEqual(STATES.map((state) => rows.filter((row) => row.state === state).length));
  });

  it("quotes tests that stand in the files it links", () => {
    const quotes = rows.flatMap(({ id, evidence }) =>
      [...evidence.matchAll(/\]\(([^)]+\.test\.ts)\) “([^”]+)”/g)].map(([, link = "", name = ""]) => ({
        id,
        link,
        name,
      })),
    );
    const wrong = quotes.filter(({ link, name }) => !textOf(join(dirname(PAGE), link)).includes(name));
    expect(wrong).toEqual([]);
    expect(quotes.length).toBeGreaterThan(100);
  });
});
