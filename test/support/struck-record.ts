import { expect } from "vitest";

import { isFailure } from "../../src/domain/index.ts";
import type { Emulator } from "../../src/emulator/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { stateDigest } from "../../src/sync/index.ts";
import { connectTo, syncMain } from "./rolled-back.ts";
import { withSessions, type SessionOptions } from "./sessions.ts";

const EXIT = { complete: 0, partial: 3, credential: 4, cancelled: 3 } as const;
const HOUR_MS = 3_600_000;

/** A record of one sync, for whose next sync there is something new. */
export interface Struck {
  readonly folder: string;
  readonly world: Emulator;
  readonly context: OperationContext;
  /** Opens it anew, as another start of the program does: the same tenant, or another. */
  open(tenant?: string): Promise<OperationContext>;
  openFolder(path: string): Promise<OperationContext>;
  /** A place beside the data folder. */
  beside(name: string): string;
}

/** A record that was synced once, then upstream went on: a day was restated, and an hour passed. */
export async function withStruckRecord(
  use: (struck: Struck) => Promise<void>,
  options: SessionOptions = {},
): Promise<void> {
  await withSessions(async ({ folder, open, beside, emulator }) => {
    const context = await open();
    const world = await emulator(3);
    await connectTo(context, world);
    await syncMain(context, "2026-10-29");
    world.world.overlay.restate({ day: "2026-10-30", stream: "cost", factor: 2 });
    world.clock.advance(HOUR_MS);
    const opened = { open: (tenant?: string) => open(undefined, tenant), openFolder: (path: string) => open(path) };
    await use({ folder, world, context, beside, ...opened });
  }, options);
}

/** What a sync ends with: the exit code of its failure, or of how it went. Anything else is a bug, and tells itself. */
export async function syncExit(context: OperationContext): Promise<{ exit: number; said: string }> {
  try {
    const { outcome } = await runOperation(context, await catalog.sync(), {});
    return { exit: EXIT[outcome], said: outcome };
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    expect(thrown.hint).not.toBe("");
    return { exit: thrown.exit, said: thrown.message };
  }
}

let undisturbed: Promise<string> | undefined;

/** One more sync ends where an undisturbed one does, on whichever engine, and every leaf and row of it is proved. */
export async function expectAsIfNothing(context: OperationContext): Promise<void> {
  undisturbed ??= undisturbedDigest();
  await syncMain(context);
  expect(await digest(context)).toBe(await undisturbed);
  const verified = await runOperation(context, await catalog.verify(), {});
  expect(verified).toMatchObject({ ok: true, failures: [] });
}

/** Made on SQLite once, so that it is one digest for both engines. */
async function undisturbedDigest(): Promise<string> {
  let found = "";
  await withStruckRecord(async ({ context }) => {
    await syncMain(context);
    found = await digest(context);
  });
  return found;
}

const digest = ({ store, scope, streams }: OperationContext): Promise<string> => stateDigest(store, scope, streams);
