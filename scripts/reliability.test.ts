import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { badInputSection, faultRows, reliabilityPage } from "./reliability.ts";

const page = readFileSync(new URL("../docs/reliability.md", import.meta.url), "utf8");

describe("docs/reliability.md", () => {
  it.each(faultRows())("lists %s with what is expected of it and the test that holds it", (...cells) => {
    expect(page).toContain(`\n| ${cells.join(" | ")} | `);
  });

  it("lists every bad input with what is answered and the tests that show it", () => {
    expect(page).toContain(badInputSection());
  });

  it("says when and on what it was last run, and that everything held", () => {
    expect(page).toMatch(/^\d{4}-\d{2}-\d{2}, commit `[0-9a-f]{7,}`/m);
    expect(page).not.toContain("FAILED");
  });
});

describe("the page of a run", () => {
  it("shows what held, what failed and what was not run, each on its engine", () => {
    const result = (fullName: string, status: string) => ({ fullName, status });
    const assertionResults = [
      result("faults on SQLite F01: waits", "passed"),
      result("faults on PostgreSQL F01: waits", "failed"),
      result("faults on SQLite F02: waits", "skipped"),
    ];
    const report = { testResults: [{ name: "/x/test/sync/faults.test.ts", assertionResults }] };
    const lines = reliabilityPage({ date: "2026-11-21", commit: "0123456789ab", report }).split("\n");
    expect(lines.find((line) => line.startsWith("| F01"))).toMatch(/\| held \| FAILED \|$/);
    expect(lines.find((line) => line.startsWith("| F02"))).toMatch(/\| not run \| not run \|$/);
  });
});
