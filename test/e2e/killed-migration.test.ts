import { cp, mkdir } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { migrations } from "../../src/store/migrations/index.ts";
import { SQLITE_TYPES } from "../../src/store/migrations/migration.ts";
import { createKekFile } from "../../src/vault/index.ts";
import { testRandom } from "../support/bursar.ts";
import { countSteps, runKilled, runProgram } from "../support/processes.ts";
import { PROGRAM, temporaryFolder } from "./program.ts";

/** As many kills as are wanted of a migration; evenly over all its statements. */
const KILLS = process.env["BURSAR_FULL"] ? 50 : 4;
/** The version of a first release, with people in it. */
const OLD = 3;
const COMMAND = ["tenant", "list", "--json"];
const MIGRATING = ["tenant", "add", "other"];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (data: string) => ({
  program: PROGRAM,
  cwd: folder.path,
  env: { BURSAR_DATA: join(folder.path, data), KILL_ON: "statement" },
});

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, "old"));
  createKekFile(join(folder.path, "old", "kek"), testRandom);
  const database = new DatabaseSync(join(folder.path, "old", "bursar.db"));
  database.exec("pragma journal_mode = wal; create table meta (name text not null primary key, value text not null)");
  for (const { statements } of migrations.slice(0, OLD)) {
    for (const statement of statements(SQLITE_TYPES)) database.exec(statement);
  }
  database.exec(`insert into meta values ('version', '${OLD}');
    insert into tenants (tenant_id, name, created_at) values (1, 'default', 0);
    insert into settings (tenant_id, name, value) values (1, 'colour', 'blue')`);
  database.close();
});

afterAll(() => folder.remove());

it(`a migration that is killed is undone or completed by the next start (${KILLS} kills)`, async () => {
  await cp(join(folder.path, "old"), join(folder.path, "whole"), { recursive: true });
  const undisturbed = await countSteps(MIGRATING, at("whole"));
  expect({ code: undisturbed.code, err: undisturbed.err.includes("at ") }).toEqual({ code: 0, err: false });
  expect(undisturbed.steps).toBeGreaterThan(KILLS);
  const stopped = new Set<string>();
  for (let n = 1; n <= KILLS; n += 1) {
    const data = `killed-${n}`;
    await cp(join(folder.path, "old"), join(folder.path, data), { recursive: true });
    const killAt = Math.round((n * undisturbed.steps) / (KILLS + 1));
    expect((await runKilled(MIGRATING, killAt, at(data))).signal).toBe("SIGKILL");
    stopped.add(versionOf(data));
    const next = await runProgram(n === KILLS ? MIGRATING : ["tenant", "add", `later-${n}`], at(data));
    // The last kill may come after the command's own commit.
    const err = n === KILLS ? next.err.replace(/^bursar: tenant: other exists already\..*\s*$/, "") : next.err;
    expect({ killAt, err: next.code === 0 ? "" : err }).toEqual({ killAt, err: "" });
    expect(schemaOf(data)).toEqual(schemaOf("whole"));
  }
  // Between two migrations, not in one.
  expect(stopped.size).toBeGreaterThan(1);
  expect((await runProgram(COMMAND, at("killed-1"))).out).toContain("later-1");
}, 600_000);

function open<T>(data: string, use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(join(folder.path, data, "bursar.db"));
  try {
    return use(database);
  } finally {
    database.close();
  }
}

function versionOf(data: string): string {
  return open(data, (database) =>
    String(database.prepare("select value from meta where name = 'version'").get()?.["value"]),
  );
}

/** Every table and index, that they are sound, and what was kept before. */
function schemaOf(data: string) {
  return open(data, (database) => ({
    tables: database.prepare("select name, sql from sqlite_schema order by name").all(),
    sound: database.prepare("pragma integrity_check(1)").get(),
    kept: database.prepare("select * from settings where name = 'colour'").all(),
    version: database.prepare("select value from meta where name = 'version'").get(),
  }));
}
