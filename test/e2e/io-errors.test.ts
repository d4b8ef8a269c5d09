import { cp, readFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { expectAsIfNothing, withStruckRecord } from "../support/struck-record.ts";
import { cannotTrace } from "../support/tracing.ts";
import { cleanEnv, ended, PROGRAM } from "./program.ts";

/**
 * The system calls as Linux has them; SQLite and Node use one or the other of a group. SQLite writes by pwrite64 alone;
 * `write` is also how a process talks to itself, and fails for the checkpoint's file on the full disk of another test.
 */
const CALLS = {
  openat: "openat",
  pwrite64: "pwrite64",
  fsync: "fsync,fdatasync",
  rename: "rename,renameat,renameat2",
  ftruncate: "ftruncate",
} as const;
const ERRORS = ["EIO", "ENOSPC"] as const;
const TIMES = [1, 2, 3, 5, 8, 13, 21, 34];

interface Injection {
  readonly call: keyof typeof CALLS;
  readonly error: (typeof ERRORS)[number];
  readonly nth: number;
}

/** A fixed sample in `check`; every call, error and time in `check:full`. */
const INJECTIONS: readonly Injection[] = process.env["BURSAR_FULL"]
  ? (Object.keys(CALLS) as Injection["call"][]).flatMap((call) =>
      ERRORS.flatMap((error) => TIMES.map((nth) => ({ call, error, nth }))),
    )
  : [
      { call: "openat", error: "EIO", nth: 1 },
      { call: "pwrite64", error: "ENOSPC", nth: 13 },
      { call: "fsync", error: "EIO", nth: 2 },
      { call: "rename", error: "EIO", nth: 1 },
    ];

/** Files of the data folder in which calls fail. Of renames every one does: there are no others. */
const FILES = ["bursar.db", "bursar.db-wal", "bursar.db-shm", "checkpoints"];

describe("a system call that fails (F67, F68)", () => {
  // Its name says what is missing.
  if (cannotTrace !== null) it.skip(`is not tried: ${cannotTrace}`, () => undefined);

  it.runIf(cannotTrace === null)(
    `ends with 5 and loses nothing (${INJECTIONS.length} times)`,
    async () => {
      await withStruckRecord(async ({ context, folder, world, beside, openFolder }) => {
        await context.store.close();
        const struck = new Set<string>();
        for (const injection of INJECTIONS) {
          const { call, error, nth } = injection;
          const data = beside(`${call}-${error}-${nth}`);
          await cp(folder, data, { recursive: true });
          const { code, err, isInjected } = await syncTraced(data, injection, world.url, beside("trace"));
          const told = { ...injection, code, err };
          if (isInjected) struck.add(call);
          // What fails while cleaning up, after everything is kept, need not fail the sync.
          expect([0, 5], JSON.stringify(told)).toContain(code);
          if (!isInjected) expect(code, JSON.stringify(told)).toBe(0);
          if (code === 5)
            expect(err.trimEnd().split("\n").at(-1), JSON.stringify(told)).toMatch(/"code":"[a-z]+\.[a-z_]+"/);
          expect(err).not.toMatch(/\n\s+at /);
          const again = await openFolder(data);
          await expectAsIfNothing(again);
          await again.store.close();
        }
        expect([...struck].toSorted()).toEqual([...new Set(INJECTIONS.map(({ call }) => call))].toSorted());
      });
    },
    1_800_000,
  );
});

async function syncTraced(data: string, { call, error, nth }: Injection, upstream: string, trace: string) {
  const names = CALLS[call];
  const within = (call === "rename" ? [] : FILES).flatMap((name) => ["-P", join(data, name)]);
  const inject = ["-e", `trace=${names}`, "-e", `inject=${names}:error=${error}:when=${nth}`];
  const child = spawn(
    "strace",
    ["-f", "-qq", "-o", trace, ...within, ...inject, process.execPath, PROGRAM, "sync", "--json"],
    {
      env: cleanEnv({ NODE_DISABLE_COMPILE_CACHE: "1", BURSAR_DATA: data, BURSAR_UPSTREAM: upstream }),
      cwd: "/",
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  child.stdin.end();
  const { code, err } = await ended(child);
  return { code, err, isInjected: (await readFile(trace, "utf8")).includes("(INJECTED)") };
}
