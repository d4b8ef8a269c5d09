import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import pg from "pg";
import { expect, it } from "vitest";

import { postgresClients } from "../../scripts/postgres-binaries.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { blocksOf } from "../support/by-hand.ts";
import { newName } from "../support/stores.ts";
import { connectTo, everythingSaid, exportTo, syncMain } from "../support/rolled-back.ts";
import { withSessions, type TestSessions } from "../support/sessions.ts";

const MAIN = fileURLToPath(new URL("../support/run-main.ts", import.meta.url));
const server = process.env["BURSAR_TEST_POSTGRES"];
const clients = server === undefined ? null : await postgresClients("pg_dump", "pg_restore");

/** The blocks of the page to paste, by the title that they stand under. */
async function pageBlocks(): Promise<ReadonlyMap<string, readonly string[]>> {
  const page = await readFile(new URL("../../docs/guides/backup.md", import.meta.url), "utf8");
  return new Map(page.split("\n## ").map((part) => [part.slice(0, part.indexOf("\n")), blocksOf(part)]));
}

/** Pastes them into a shell that has `bursar`. Gives exit codes, since 5 is an answer. */
async function pasted({ folder, beside }: TestSessions, blocks: readonly string[], env: Record<string, string>) {
  const bin = beside("bin");
  await mkdir(bin, { recursive: true });
  await writeFile(
    join(bin, "bursar"),
    `#!/bin/sh\nexec '${process.execPath}' --disable-warning=ExperimentalWarning '${MAIN}' "$@"\n`,
  );
  await chmod(join(bin, "bursar"), 0o755);
  const path = [bin, ...(clients === null ? [] : [clients]), process.env["PATH"] ?? ""].join(delimiter);
  const own = {
    PATH: path,
    HOME: "/nonexistent",
    NO_COLOR: "1",
    BURSAR_DATA: folder,
    BACKUPS: beside("backups"),
    RESTORED: beside("restored"),
    ...env,
  };
  const run = promisify(execFile);
  return run("sh", ["-euc", blocks.join("\n")], { cwd: beside(""), env: own }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (thrown: { code: number; stdout: string; stderr: string }) => ({
      code: thrown.code,
      said: `${thrown.stdout}${thrown.stderr}`,
    }),
  );
}

/** A record that was synced; a backup as the page has it; a day more, signed and exported. */
async function backedUp(sessions: TestSessions, blocks: readonly string[], env: Record<string, string> = {}) {
  const { open, emulator, beside } = sessions;
  const context = await open();
  const world = await emulator(4);
  await connectTo(context, world);
  await syncMain(context, "2026-10-29");
  await mkdir(beside("backups"));
  const made = await pasted(sessions, blocks, env);
  expect(made).toMatchObject({ code: 0 });
  const before = await everythingSaid(context);
  world.clock.advance(3_600_000);
  world.world.overlay.restate({ day: "2026-10-30", stream: "cost", factor: 2 });
  await syncMain(context);
  await exportTo(context, beside("export"));
  const now = await everythingSaid(context);
  await context.store.close();
  return { before, now };
}

async function verified(context: OperationContext) {
  return runOperation(context, await catalog.verify(), {});
}

it("a backup is made and put back as the page says, and is noticed to be older", () =>
  withSessions(async (sessions) => {
    const { folder, open, beside } = sessions;
    const page = await pageBlocks();
    const { now } = await backedUp(sessions, page.get("Make a backup")!);

    const [restore = "", ...looks] = page.get("Put it back")!;
    await mkdir(beside("restored"));
    await cp(join(folder, "checkpoints"), join(beside("restored"), "checkpoints"), { recursive: true });
    const put = await pasted(sessions, [restore], {});
    expect(put).toMatchObject({ code: 5 });
    expect(put.said).toContain("bursar ledger recover --from");
    await cp(join(folder, "kek"), join(beside("restored"), "kek"));
    const restored = await open(beside("restored"));
    await runOperation(restored, await catalog.recoverLedger(), { from: beside("export") });
    expect((await everythingSaid(restored)).digest).toEqual(now.digest);
    expect(await verified(restored)).toMatchObject({ ok: true, failures: [] });
    await restored.store.close();
    const looked = await pasted(sessions, looks, {});
    expect(looked).toMatchObject({ code: 0 });
    expect(looked.said).toContain("Nothing is to be decided");
  }));

it.runIf(clients !== null)("the same goes for PostgreSQL, with its own tools", async () => {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  const names = [newName(), newName()] as const;
  const urls = names.map((name) => Object.assign(new URL(server!), { pathname: `/${name}` }).href);
  const [url = "", restoredUrl = ""] = urls;
  try {
    for (const name of names) await client.query(`create database ${name}`);
    await withSessions(
      async (sessions) => {
        const { folder, beside } = sessions;
        const [dump = "", put = "", look = ""] = (await pageBlocks()).get("PostgreSQL")!;
        const env = { BURSAR_DATABASE_URL: url, RESTORED_URL: restoredUrl, RESTORED: beside("restored") };
        const { before, now } = await backedUp(sessions, [dump], env);
        expect(now.digest).not.toEqual(before.digest);

        expect(await pasted(sessions, [put], env)).toMatchObject({ code: 0 });
        await cp(join(folder, "kek"), join(beside("restored"), "kek"));
        const looked = await pasted(sessions, [look], env);
        expect(looked, looked.said).toMatchObject({ code: 0 });
        expect(looked.said).toContain("What was signed after this backup is not known here");

        // The newest checkpoint is what shows that the backup is older.
        await cp(join(folder, "checkpoints"), join(beside("restored"), "checkpoints"), { recursive: true });
        const noticed = await pasted(sessions, [look], env);
        expect(noticed).toMatchObject({ code: 5 });
        expect(noticed.said).toContain("bursar ledger recover --from");
        await withSessions(
          async ({ open }) => {
            const restored = await open(beside("restored"));
            await runOperation(restored, await catalog.recoverLedger(), { from: beside("export") });
            expect((await everythingSaid(restored)).digest).toEqual(now.digest);
            expect(await verified(restored)).toMatchObject({ ok: true, failures: [] });
          },
          { databaseUrl: restoredUrl },
        );
      },
      { databaseUrl: url },
    );
  } finally {
    for (const name of names) await client.query(`drop database if exists ${name} with (force)`);
    await client.end();
  }
});

if (clients === null) {
  const reason = "there is no throw-away server (npm test starts one), or no pg_dump and pg_restore beside it";
  // Stands in for the one that was left out, so that the check says why.
  it.skip(`on PostgreSQL: ${reason}`, () => undefined);
}
