import { afterEach, describe, expect, it, vi } from "vitest";
import { PARTITIONS, Partitions } from "./partitions.ts";
import { ScratchFile } from "./scratch-file.ts";

afterEach(() => vi.unstubAllEnvs());

describe("records in partitions", () => {
  it.each(["in a file", "in memory, where no file can be made"])("come back by partition, in order, %s", (where) => {
    if (where !== "in a file") vi.stubEnv("TMPDIR", "/absent/from/here");
    const scratch = new ScratchFile();
    const partitions = new Partitions(2, scratch);
    const given = new Map<number, number[]>();
    for (let n = 0; n < 5_000; n += 1) {
      // One partition overflows, one is filled to the brim, most hold little, and one nothing.
      const partition = n < 3_000 ? 7 : n < 3_512 ? 8 : n % (PARTITIONS - 1);
      partitions.add(partition, Uint32Array.of(99, n, partition), 1);
      given.set(partition, [...(given.get(partition) ?? []), n]);
    }
    const seen = [...partitions.each()].map(() => null);
    expect(seen).toHaveLength(PARTITIONS - 1);
    for (const words of partitions.each()) {
      const partition = words[1]!;
      expect([...words]).toEqual(given.get(partition)!.flatMap((n) => [n, partition]));
    }
    // Behind six full blocks of 512 records of two words: five of one partition, one of another.
    expect(scratch.write(Uint8Array.of(1))).toBe(where === "in a file" ? 6 * 512 * 2 * 4 : null);
    scratch.close();
  });
});
