import { describe, expect, it } from "vitest";
import { LedgerError } from "./error.ts";
import { Findings, messageOf, OrderedFindings } from "./findings.ts";

const failures = (count: number, file = "f") => Array.from({ length: count }, () => ({ file, what: "w" }));

describe("findings", () => {
  it("count all and keep the first hundred, their own or taken over", () => {
    const own = new Findings();
    for (let n = 0; n < 101; n += 1) own.add("f", `${n}`, n);
    expect([own.count, own.kept.length, own.kept.at(-1)?.what]).toEqual([101, 100, "99"]);
    own.take(failures(3), 3);
    expect([own.count, own.kept.length]).toEqual([104, 100]);
    const taken = new Findings();
    taken.take(failures(60, "a"), 60);
    taken.take(failures(60, "b"), 75);
    expect([taken.count, taken.kept.filter(({ file }) => file === "b").length]).toEqual([135, 40]);
  });

  it("keep the first hundred in order of those that come in none", () => {
    const ordered = new OrderedFindings();
    for (let n = 0; n < 1000; n += 1) ordered.add((n * 7) % 1000, { file: "f", what: `${(n * 7) % 1000}` });
    expect(ordered.count).toBe(1000);
    expect(ordered.kept.map(({ what }) => what)).toEqual(Array.from({ length: 100 }, (_, n) => `${n}`));
  });

  it("put what was found late where it belongs", () => {
    const late = new OrderedFindings();
    for (const index of [12, 3, 11]) late.add(index, { file: "late", index, what: "w" });
    const findings = new Findings();
    for (const index of [0, 10, 20]) findings.add("f", "w", index);
    findings.insert(late, (index) => (index < 10 ? 1 : 2));
    expect([findings.count, findings.kept.map(({ index }) => index)]).toEqual([6, [0, 3, 10, 11, 12, 20]]);
    findings.take(failures(96), 96);
    findings.insert(late, () => 99);
    expect([findings.count, findings.kept.length, findings.kept.at(-1)]).toEqual([
      105,
      100,
      { file: "late", index: 3, what: "w" },
    ]);
  });

  it("name a leaf only where it is about one", () => {
    const findings = new Findings();
    findings.add("f", "w");
    findings.add("f", "w", 0);
    expect(findings.kept).toEqual([
      { file: "f", what: "w" },
      { file: "f", index: 0, what: "w" },
    ]);
  });

  it("take what a check throws, and give what it returns", async () => {
    const findings = new Findings();
    expect(await findings.guard("f", () => 7)).toBe(7);
    const thrown = (error: unknown) => {
      const check = () => {
        throw error;
      };
      return findings.guard("f", check, 3);
    };
    expect(await thrown(new LedgerError("what is wrong"))).toBeUndefined();
    await thrown(Object.assign(new Error("no such file"), { code: "ENOENT" }));
    await thrown(Object.assign(new Error("not allowed"), { code: "EACCES" }));
    await thrown("a text");
    expect(findings.kept.map(({ index, what }) => `${index} ${what}`)).toEqual([
      "3 what is wrong",
      "3 is missing",
      "3 not allowed",
      "3 a text",
    ]);
    expect(messageOf({ code: "ENOENT" })).toBe("[object Object]");
  });
});
