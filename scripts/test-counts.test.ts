import { expect, it } from "vitest";

import { countTests } from "./test-counts.ts";

const file = (status: string, ...tests: string[]) => ({
  name: "a.test.ts",
  status,
  assertionResults: tests.map((test) => ({ status: test, fullName: `is ${test}` })),
});
const json = (...testResults: ReturnType<typeof file>[]) => {
  const all = testResults.flatMap((result) => result.assertionResults);
  const count = (status: string) => all.filter((test) => test.status === status).length;
  return JSON.stringify({ numPassedTests: count("passed"), numFailedTests: count("failed"), testResults });
};

it("counts passed, failed and skipped tests", () => {
  const report = json(file("failed", "passed", "failed"), file("passed", "passed", "skipped", "todo"));
  expect(countTests(report, 1)).toEqual({
    passed: 2,
    failed: 1,
    skipped: 2,
    skippedNames: ["is skipped", "is todo"],
  });
});

it("counts a file that did not load as a failure", () => {
  expect(countTests(json(file("failed"), file("passed", "passed")), 1)).toMatchObject({ passed: 1, failed: 1 });
});

it("counts a runner that failed without a failing test as a failure", () => {
  expect(countTests(json(file("passed", "passed")), 1)).toMatchObject({ passed: 1, failed: 1 });
  expect(countTests(json(file("passed", "passed")), 0)).toMatchObject({ passed: 1, failed: 0 });
});

it("counts a runner without a report as a failure", () => {
  expect(countTests(null, 0)).toMatchObject({ passed: 0, failed: 1 });
});
