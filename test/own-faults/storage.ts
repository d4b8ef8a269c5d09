import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";

import { sql } from "kysely";

import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { logState } from "../../src/store/index.ts";
import { keepDatabase, putDatabaseBack, syncMain } from "../support/rolled-back.ts";
import { syncExit } from "../support/struck-record.ts";
import type { OwnFault } from "./own-fault.ts";
import { cutEverywhere } from "./wal-cuts.ts";

const OWN_FILES =
  "the fault is of SQLite's own files; a server's disk is its operator's, and its failures end with 5 too";
const MOST_PAGES = 1_000_000;
/** So many pages more the database may grow by each time. */
const PAGES_A_TIME = process.env["BURSAR_FULL"] ? 1 : 12;

/** Disks, files and the database in them. */
export const storageFaults: readonly OwnFault[] = [
  {
    id: "F67",
    fault: "the disk is full, at any write",
    expected: "the transaction is undone; the next run goes on from there",
    exit: "5",
    strike: async ({ context, open }) => {
      await context.store.close();
      const full = await open();
      const ends: { exit: number; said: string }[] = [];
      do {
        await grantPages(full, (ends.length + 1) * PAGES_A_TIME);
        ends.push(await syncExit(full));
      } while (ends.at(-1)!.exit !== 0 && ends.length < 500);
      const failed = ends.slice(0, -1);
      await grantPages(full, MOST_PAGES);
      return {
        holds: {
          "it was full more than once": failed.length > 1,
          "each time it ends with 5 and says so": failed.every(
            ({ exit, said }) => exit === 5 && said.includes("disk is full"),
          ),
          "with room enough it is done": ends.at(-1)!.exit === 0,
        },
        context: full,
      };
    },
    proofs: [
      { file: "src/store/open.test.ts", test: "undoes a write on a full disk and says so" },
      { file: "test/e2e/io-errors.test.ts", test: "ends with 5 and loses nothing" },
      { file: "test/e2e/full-disk.test.ts", test: "ends a sync with 5" },
    ],
    postgres: OWN_FILES,
  },
  {
    id: "F68",
    fault: "EIO or ENOSPC at the n-th openat, pwrite64, fsync, fdatasync, rename or ftruncate",
    expected: "as F67: the command ends, says why, and the next one goes on",
    exit: "5",
    proofs: [{ file: "test/e2e/io-errors.test.ts", test: "ends with 5 and loses nothing" }],
    postgres: OWN_FILES,
  },
  {
    id: "F70",
    fault: "power fails: the journal ends anywhere, in a page or between two",
    expected: "the database opens; what was signed is whole, or its lack is found before anything is appended",
    exit: "5",
    strike: cutEverywhere,
    proofs: [{ file: "test/sync/versions.test.ts", test: "signs only what extends the last signed tree" }],
    postgres: OWN_FILES,
  },
  {
    id: "F72",
    fault: "the database is locked by a backup",
    expected: "waits up to 30 s, then ends with 5; nothing is lost",
    exit: "5",
    strike: async ({ context, folder }) => {
      const other = new DatabaseSync(join(folder, "bursar.db"));
      other.exec("begin immediate");
      const syncing = syncExit(context);
      const before = await sizeOf(context);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const during = await sizeOf(context);
      other.exec("commit");
      other.close();
      const { exit } = await syncing;
      return {
        holds: {
          "nothing is written meanwhile, and reading goes on": before === during,
          "it is written once the lock is gone": exit === 0 && (await sizeOf(context)) > before,
        },
        context,
      };
    },
    proofs: [
      { file: "test/ledger/locked.test.ts", test: "is waited for, and nothing is lost" },
      {
        file: "src/store/open.test.ts",
        test: "waits for another process's write, and says so when that takes too long",
      },
      { file: "test/ledger/backup.test.ts", test: "can be made while a sync writes, and each is sound" },
    ],
    postgres: "pg_dump takes no lock that a writer waits for",
  },
  {
    id: "F73",
    fault: "the database of yesterday is put back",
    expected: "found at the next command; nothing is appended or signed until an operator decides",
    exit: "5",
    strike: async ({ context, folder, open }) => {
      keepDatabase(folder, "yesterday.db");
      await syncMain(context);
      await context.store.close();
      keepDatabase(folder, "today.db");
      await putDatabaseBack(folder, "yesterday.db");
      const restored = await open();
      const before = await sizeOf(restored);
      const { exit, said } = await syncExit(restored);
      const { trouble, ledger } = await runOperation(restored, await catalog.ledgerSummary(), {});
      const after = await sizeOf(restored);
      await restored.store.close();
      await putDatabaseBack(folder, "today.db");
      return {
        holds: {
          [`a sync ends with 5 and says why: ${said}`]: exit === 5 && /older|restored|signed/.test(said),
          "the choices are said": (trouble?.choices.length ?? 0) > 0,
          "nothing is appended or signed": after === before && (ledger?.checkpoint?.size ?? 0) <= before,
        },
        context: await open(),
      };
    },
    proofs: [
      { file: "test/ledger/recover.test.ts", test: "is completed from an export, byte for byte, and goes on" },
      { file: "test/ledger/backup.test.ts", test: "is found by a checkpoint of today, and completed from an export" },
      { file: "test/e2e/tampering.test.ts", test: "is found before anything is appended, and stays readable" },
    ],
    postgres: "the guard reads the log through the store that both engines have; only SQLite's file is put back",
  },
  {
    id: "F74",
    fault: "the file system is read-only",
    expected: "what is there is served and reported, a sync is refused",
    exit: "5",
    proofs: [{ file: "test/ledger/read-only.test.ts", test: "a read-only file system (F74)" }],
    postgres: OWN_FILES,
  },
  {
    id: "F75",
    fault: "a page of the database is damaged",
    expected: "found, and the table named",
    exit: "5",
    proofs: [
      { file: "test/ledger/damaged.test.ts", test: "a damaged database (F75)" },
      { file: "src/store/open.test.ts", test: "says that a file is damaged, and leaves it as it is" },
    ],
    postgres: OWN_FILES,
  },
  {
    id: "F76",
    fault: "a migration is killed half way",
    expected: "undone, or completed by the next start",
    exit: "—",
    proofs: [{ file: "test/e2e/killed-migration.test.ts", test: "is undone or completed by the next start" }],
    postgres: "each step is one transaction of the server, which undoes it when its client is gone",
  },
];

async function sizeOf({ store, scope }: OperationContext): Promise<number> {
  return (await store.read((tx) => logState(tx, scope)))?.size ?? 0;
}

/** The database may grow by so many pages. The limit is of the one connection that writes. */
async function grantPages({ store }: OperationContext, pages: number): Promise<void> {
  await store.write(async (tx) => {
    const { rows } = await sql<{ page_count: bigint }>`pragma page_count`.execute(tx.db);
    await sql`pragma max_page_count = ${sql.raw(String(Number(rows[0]!.page_count) + pages))}`.execute(tx.db);
  });
}
