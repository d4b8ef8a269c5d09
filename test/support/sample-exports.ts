import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { exportLedger, type ExportOptions } from "../../src/ledger/index.ts";
import { fullLedger } from "./sample-ledger.ts";

/** Exports to look at and to alter: one of 600 leaves in three bundles, one of 40 that is quick to check. */
export interface SampleExports {
  readonly scratch: string;
  readonly intact: string;
  readonly small: string;
  readonly sample: ReturnType<typeof fullLedger>;
  readonly few: ReturnType<typeof fullLedger>;
  /** A copy that the test may spoil. */
  copyOf(dir: string): Promise<string>;
  /** A folder that is not there yet. */
  place(): string;
  remove(): Promise<void>;
}

export async function sampleExports(): Promise<SampleExports> {
  const scratch = await mkdtemp(join(tmpdir(), "bursar-ledger-"));
  const [intact, small] = [join(scratch, "intact"), join(scratch, "small")];
  const [sample, few] = [fullLedger(600), fullLedger(40)];
  await exportLedger(sample.source, intact, optionsOf(sample, [0, 3, 10, 599]));
  await exportLedger(few.source, small, optionsOf(few, [0, 3, 39]));
  let places = 0;
  const place = (): string => {
    places += 1;
    return join(scratch, `place-${places}`);
  };
  return {
    scratch,
    intact,
    small,
    sample,
    few,
    place,
    async copyOf(dir) {
      const copy = place();
      await cp(dir, copy, { recursive: true });
      return copy;
    },
    remove: () => rm(scratch, { recursive: true, force: true }),
  };
}

/** Everything optional that an export can hold. */
export function optionsOf(from: ReturnType<typeof fullLedger>, proofs: number[]): ExportOptions {
  const consistency = [
    { old: 17, checkpoint: from.older },
    { old: 0, checkpoint: from.source.checkpoint },
  ];
  return { proofs, consistency, anchors: from.anchors };
}

export async function filesOf(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => relative(dir, file)).sort();
}

/** A small generator with a seed, so that every run flips the same bits. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
