export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly skippedNames: readonly string[];
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/**
 * Counts the tests of vitest's JSON report.
 *
 * A file that could not be loaded has no tests to fail, and a runner that died has no report; each counts as a failure,
 * so that nothing that went wrong ends in "0 failed".
 *
 * @param json null when vitest wrote no report.
 */
export function countTests(json: string | null, exitCode: number): TestCounts {
  if (json === null) return { passed: 0, failed: 1, skipped: 0, skippedNames: [] };
  const report: Report = JSON.parse(json);
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const skippedNames = report.testResults
    .flatMap((file) => file.assertionResults)
    .filter((test) => test.status !== "passed" && test.status !== "failed")
    .map((test) => test.fullName);
  const failed = report.numFailedTests + broken;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: skippedNames.length,
    skippedNames,
  };
}
