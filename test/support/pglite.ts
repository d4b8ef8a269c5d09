import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { PGlite } from "@electric-sql/pglite";

import type { Table } from "../../src/domain/index.ts";
import { openPglite } from "../../src/store/index.ts";
import { onceARun } from "./once-a-run.ts";

const IMAGE = "pgdata.tar";

/**
 * PostgreSQL in this process, with the schema of these tables if any are given.
 *
 * One from nothing takes seconds of computing, most of them the first making of its files: they are made once a run.
 */
export async function startPglite(tables: readonly Table[] | null = null): Promise<PGlite> {
  const name = createHash("sha256").update(JSON.stringify(tables)).digest("hex").slice(0, 12);
  const folder = await onceARun(`pglite-${name}`, async (made) => {
    const database = await fromNothing(tables);
    const image = await database.dumpDataDir("none");
    await database.close();
    await mkdir(made);
    await writeFile(join(made, IMAGE), Buffer.from(await image.arrayBuffer()));
  });
  if (folder === null) return fromNothing(tables);
  return PGlite.create({ loadDataDir: await openAsBlob(join(folder, IMAGE)) });
}

async function fromNothing(tables: readonly Table[] | null): Promise<PGlite> {
  const database = await PGlite.create();
  if (tables !== null) await (await openPglite(database, tables)).close();
  return database;
}
