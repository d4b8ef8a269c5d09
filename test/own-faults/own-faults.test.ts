import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { Log } from "../../src/domain/index.ts";
import { missingProofs } from "../support/proof.ts";
import { newSchema } from "../support/stores.ts";
import { expectAsIfNothing, withStruckRecord } from "../support/struck-record.ts";
import { ownFaults, type OwnFault } from "./index.ts";

const server = process.env["BURSAR_TEST_POSTGRES"];
/** Those that `check` tries on PostgreSQL too. */
const SAMPLE = ["F66", "F80"];
const isWanted = ({ id, postgres }: OwnFault): boolean =>
  postgres === "tried" && (process.env["BURSAR_FULL"] !== undefined || SAMPLE.includes(id));

const strikes = ownFaults.filter(({ strike }) => strike !== undefined);

describe.each([
  { engine: "SQLite", rows: strikes },
  {
    engine: "PostgreSQL",
    rows: server === undefined ? [] : strikes.filter(isWanted),
  },
])("own faults on $engine", ({ engine, rows }) => {
  // Its name says how to have it run.
  if (rows.length === 0) it.skip("BURSAR_TEST_POSTGRES is not set; npm test starts a server for it", () => undefined);

  it.each(rows)("$id: $expected", async ({ strike }) => {
    const schema = engine === "SQLite" ? null : await newSchema(server!);
    const logged: string[] = [];
    const log: Log = (level, event, fields = {}) => void logged.push(JSON.stringify({ level, event, fields }));
    try {
      await withStruckRecord(
        async (struck) => {
          const { holds, context } = await strike!(struck);
          expect(Object.entries(holds).filter(([, held]) => !held)).toEqual([]);
          await expectAsIfNothing(context);
          const { admin } = struck.world.keys;
          const forms = [admin, Buffer.from(admin).toString("base64").slice(0, -4), Buffer.from(admin).toString("hex")];
          const kept = schema === null ? await everyFile(struck.folder) : await schema.everything();
          const text = `${kept}\n${logged.join("\n")}`;
          expect(forms.filter((form) => text.includes(form))).toEqual([]);
        },
        { log, ...(schema === null ? {} : { databaseUrl: schema.url }) },
      );
    } finally {
      await schema?.drop();
    }
  });
});

it("covers every fault from F64 to F87", () => {
  const ids = Array.from({ length: 24 }, (_, i) => `F${i + 64}`);
  expect(ownFaults.map(({ id }) => id)).toEqual(ids);
});

it("names for every fault a strike or tests that are there", async () => {
  const unshown = ownFaults.filter(({ strike, proofs }) => strike === undefined && proofs.length === 0);
  expect(unshown.map(({ id }) => id)).toEqual([]);
  expect(await missingProofs(ownFaults.flatMap(({ proofs }) => proofs))).toEqual([]);
});

async function everyFile(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")))).join("\n");
}
