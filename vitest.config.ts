import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "forks",
    // Two even on a machine with two cores: a test that waits for a process or a disk leaves the other one busy. Three were
    // tried there, and took as long.
    maxWorkers: 2,
    // Of what hangs, however busy the machine is.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // What comes about comes later on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    globalSetup: ["test/setup/shared.ts"],
    reporters: process.env["CI"] === undefined ? ["default"] : ["dot"],
    projects: [
      // Modules are read once a worker, not once a file: that halves the time of the first of these.
      { extends: true, test: { name: "unit", isolate: false, include: ["src/**/*.test.ts", "scripts/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "suites",
          isolate: false,
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/web/**"],
        },
      },
      {
        extends: true,
        // The built program, as people run it: on the command line and in a browser.
        test: { name: "e2e", include: ["test/{e2e,web}/**/*.test.ts"], globalSetup: ["test/setup/build.ts"] },
      },
    ],
  },
});
