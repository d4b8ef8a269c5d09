import { acquireLease, releaseLease } from "../../src/store/index.ts";
import { syncExit } from "../support/struck-record.ts";
import type { OwnFault } from "./own-fault.ts";

/** Processes that are killed, that meet, and that have much to do. */
export const processFaults: readonly OwnFault[] = [
  {
    id: "F69",
    fault:
      "kill -9 at any moment of a sync; on PostgreSQL also the end of every session, as a restart of the server has it",
    expected: "the next start goes on",
    exit: "—",
    proofs: [
      { file: "test/e2e/crash.test.ts", test: "goes on at once and ends in the undisturbed state" },
      { file: "test/e2e/crash-postgres.test.ts", test: "then cut off by its server, goes on at once on PostgreSQL" },
    ],
    postgres: "tried",
  },
  {
    id: "F71",
    fault: "two processes sync one tenant",
    expected: "one works, the other says who holds the lease; it is free again after a kill",
    exit: "5",
    strike: async ({ context, open }) => {
      const { store, scope, clock } = context;
      const lease = { holder: "somebody elsewhere", nowMs: clock.now(), ttlMs: 60_000 };
      const held = await store.write((tx) => acquireLease(tx, scope, lease));
      const refused = await syncExit(context);
      if (held.acquired) await store.write((tx) => releaseLease(tx, scope, held.token));
      const [one, other] = await Promise.all([syncExit(context), syncExit(await open())]);
      return {
        holds: {
          "it says who holds it": refused.exit === 5 && refused.said.includes(lease.holder),
          "of two at once none fails otherwise": [one, other].every(({ exit }) => exit === 0 || exit === 5),
          "one of the two works": [one, other].some(({ exit }) => exit === 0),
        },
        context,
      };
    },
    proofs: [
      { file: "test/sync/lease.test.ts", test: "lets one process sync and tells the other who does (F71)" },
      { file: "test/sync/races.test.ts", test: "ends with no leaf twice" },
    ],
    postgres: "tried",
  },
  {
    id: "F77",
    fault: "SIGTERM during a sync",
    expected: "the window at hand ends or is undone, within five seconds",
    exit: "0 or 3",
    proofs: [{ file: "test/e2e/stopped.test.ts", test: "ends within five seconds" }],
    postgres: "what is asked of a database ends the same way",
  },
  {
    id: "F78",
    fault: "an organization a hundred times the usual size",
    expected: "pages are streamed: memory stays below 512 MB",
    exit: "0",
    proofs: [{ file: "test/e2e/stopped.test.ts", test: "holds less than 512 MB" }],
    postgres: "the same pages and windows, whatever keeps them",
  },
  {
    id: "F79",
    fault: "pages read while a sync writes",
    expected: "each is answered from one snapshot",
    exit: "—",
    proofs: [
      { file: "src/store/open.test.ts", test: "reads one snapshot, whatever is written meanwhile" },
      { file: "test/e2e/stopped.test.ts", test: "are answered while a sync writes" },
    ],
    postgres: "tried",
  },
];
