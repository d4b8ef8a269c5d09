import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { expectAsIfNothing, withStruckRecord, type Struck } from "../support/struck-record.ts";
import { cannotMount } from "../support/tracing.ts";
import { cleanEnv, ended, PROGRAM } from "./program.ts";

describe("a file system that is full", () => {
  // Its name says what is missing.
  if (cannotMount !== null) it.skip(`is not mounted: ${cannotMount}`, () => undefined);

  it.runIf(cannotMount === null)("ends a sync with 5, and the next goes on where there is room (F67)", () =>
    withStruckRecord(async (struck) => {
      // Room for the copy and a little more.
      const said = await onTmpfs(
        struck,
        `used=$(du -sk data | cut -f1)
         mount -o remount,size=$((used + 120))k .
         bursar sync; echo "exit $?"
         mount -o remount,size=64m .
         bursar sync; echo "exit $?"`,
      );
      expect(said.exits).toEqual([5, 0]);
      expect(said.err).toContain('"code":"store.disk_full"');
      await expectBack(struck);
    }),
  );
});

/** Runs a script where `data` is the record on a file system of its own, which is put back in the end. */
async function onTmpfs({ context, folder, world, beside }: Struck, script: string) {
  await context.store.close();
  await mkdir(beside("mounted"));
  const whole = `set -u
    mount -t tmpfs -o size=64m none "$MOUNTED" && cd "$MOUNTED" && cp -a "$FOLDER" data || exit 99
    bursar() { "$NODE" "$PROGRAM" "$@" --json --data data; }
    ${script}
    rm -rf "$FOLDER" && cp -a data "$FOLDER"`;
  const child = spawn("unshare", ["-m", "sh", "-c", whole], {
    env: cleanEnv({
      MOUNTED: beside("mounted"),
      FOLDER: folder,
      NODE: process.execPath,
      PROGRAM,
      BURSAR_UPSTREAM: world.url,
    }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end();
  const { code, out, err } = await ended(child);
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  expect(err).not.toMatch(/\n\s+at /);
  return { exits: [...out.matchAll(/^exit (\d+)$/gm)].map(([, exit]) => Number(exit)), err };
}

async function expectBack({ open }: Struck): Promise<void> {
  await expectAsIfNothing(await open());
}
