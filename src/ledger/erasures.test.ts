import { describe, expect, it } from "vitest";
import { Erasures } from "./erasures.ts";
import { Findings } from "./findings.ts";
import { ScratchFile } from "./scratch-file.ts";

/** What is found where these are missing, each with the leaf its line states, and these were named. */
function found(missing: [index: number, by: number][], named: [by: number, leaves: number[]][]): string[] {
  const erasures = new Erasures(new ScratchFile());
  for (const [index, by] of missing) erasures.missing(index, by);
  for (const [by, leaves] of named) erasures.named(by, leaves);
  const findings = new Findings();
  erasures.check(findings);
  expect(erasures.count).toBe(missing.length);
  return findings.kept.map(({ file, index, what }) => `${file} ${index}: ${what}`);
}

describe("erasures", () => {
  it("are in order when what is missing is what was named, by the same leaf", () => {
    expect(found([], [])).toEqual([]);
    expect(found([[1, 9]], [[9, [1]]])).toEqual([]);
    expect(
      found(
        [
          [1, 9],
          [4, 9],
          [5, 12],
          [300, 301],
        ],
        [
          [9, [4, 1]],
          [12, [5]],
          [301, [300]],
        ],
      ),
    ).toEqual([]);
    // A leaf may be named again: what was erased stays erased.
    expect(
      found(
        [[1, 9]],
        [
          [9, [1]],
          [10, [1]],
        ],
      ),
    ).toEqual([]);
  });

  it("are found when nothing, or another leaf, names them", () => {
    expect(found([[300, 9]], [])).toEqual(["payload/001 300: payload is missing, and leaf 9 does not erase it"]);
    expect(found([[1, 9]], [[8, [1]]])).toEqual(["payload/000 1: payload is missing, and leaf 9 does not erase it"]);
  });

  it("are found when the payload is still there", () => {
    expect(
      found(
        [
          [1, 9],
          [5, 9],
        ],
        [[9, [0, 1, 3, 5, 256]]],
      ),
    ).toEqual([
      "payload/000 0: payload is still there, but leaf 9 says it was erased",
      "payload/000 3: payload is still there, but leaf 9 says it was erased",
      "payload/001 256: payload is still there, but leaf 9 says it was erased",
    ]);
  });

  it("find each of many, and none besides", () => {
    const erasures = new Erasures(new ScratchFile());
    for (let index = 0; index < 99; index += 3) erasures.missing(index, 100);
    const missing = Array.from({ length: 110 }, (_, index) => index).filter((index) => erasures.isMissing(index));
    expect(missing).toEqual(Array.from({ length: 33 }, (_, n) => n * 3));
  });

  it("are found in order among more than fit into memory at once, each once", () => {
    const scratch = new ScratchFile();
    const erasures = new Erasures(scratch);
    const [by, size] = [10_000, 3_000];
    const fields = Array.from({ length: size }, (_, n) => (n % 128) + 32_768 * (n >> 7));
    for (const index of fields) erasures.missing(index, by);
    erasures.named(by, fields.filter((index) => index % 32_768 !== 5).toReversed());
    erasures.named(by + 1, [70, 32_767, 9, 300]);
    const findings = new Findings();
    erasures.check(findings);
    scratch.close();
    expect(findings.kept.map(({ index, what }) => `${index} ${what}`)).toEqual([
      "32767 payload is still there, but leaf 10001 says it was erased",
      "300 payload is still there, but leaf 10001 says it was erased",
      ...fields
        .filter((index) => index % 32_768 === 5)
        .map((index) => `${index} payload is missing, and leaf ${by} does not erase it`),
    ]);
    expect(findings.count).toBe(2 + Math.ceil(size / 128));
  });
});
