import { describe, expect, it } from "vitest";

import { dayOfText, isFailure, type FailureCode, type JsonObject } from "../domain/index.ts";
import type { ReadExport } from "../ledger/index.ts";
import type { RecordDraft } from "../source/index.ts";
import { coverageOf, listLogKeys, type Store } from "../store/index.ts";
import { ORGANIZATION } from "../../test/support/metrics-store.ts";
import { withSmallRecord, type SmallRecord } from "../../test/support/small-record.ts";
import { costRow } from "../../test/support/upstream-rows.ts";
import { eraseMentions } from "./erase-mentions.ts";
import { rebuildRows } from "./rebuild.ts";
import { recoverFrom } from "./recover.ts";
import { rotateLogKey } from "./rotate-key.ts";
import { signingKeys } from "./log-keys.ts";
import { listIdentifiers, Suppressor } from "./suppressor.ts";
import { publishCheckpoint } from "./tenant-log.ts";

const DAY = dayOfText("2026-10-30")!;
const SPAN = { from: DAY, to: DAY + 1 };
const failing = (code: FailureCode) => (thrown: unknown) => isFailure(thrown, code);
const cost = (name: string, cents: string) => costRow(DAY, { description: name }, cents);
const user = (id: string, more: JsonObject = {}): RecordDraft => ({
  day: null,
  key: [ORGANIZATION, id],
  data: { id, email: `${id}@example.com`, name: id, role: "user", added_at: "2026-01-01T00:00:00Z", ...more },
});
const users = (...ids: string[]) => ({ span: null, records: ids.map((id) => user(id)) });

/** A log with whatever a log can hold: records that changed, went, came in conflict, and an erasure. */
async function history(record: SmallRecord): Promise<void> {
  const { store, scope, effects, signer } = record;
  const records = [cost("a", "1"), cost("b", "2"), cost("c", "3"), cost("c", "4")];
  await record.commit("cost_report", { span: SPAN, records });
  await record.commit("users", users("user_00ada1", "user_00bob1"));
  await publishCheckpoint(effects, scope);
  await rotateLogKey(effects, scope, "a test");
  // One goes that was conflicted, one that an earlier transaction brought.
  await record.commit("cost_report", { span: SPAN, records: [cost("a", "5")] });
  await record.commit("users", users("user_00ada1"));
  const listed = listIdentifiers(Buffer.alloc(32), ["user_00bob1"], {
    subject: "p_00000000abcd",
    erasedMs: 0,
    random: { bytes: (count) => Buffer.alloc(count, 9) },
  });
  const facts = { reason: "asked for", subjects: ["p_00000000abcd"] };
  await store.write((tx) => eraseMentions(tx, { ...effects, scope }, new Suppressor(Buffer.alloc(32), listed), facts));
  await publishCheckpoint(effects, scope);
  expect(signer.kept).toHaveLength(3);
}

const covered = ({ store, scope }: Pick<SmallRecord, "store" | "scope">) =>
  store.read(async (tx) => [
    await coverageOf(tx, scope, ORGANIZATION, "cost_report"),
    await coverageOf(tx, scope, ORGANIZATION, "users"),
  ]);

const said = async ({ store, scope, digest }: SmallRecord) => ({
  digest: await digest(),
  keys: await store.read((tx) => listLogKeys(tx, scope)),
  coverage: await covered({ store, scope }),
});

/** Two records: the first with a history, the second with what an export brings into it. */
function withTwo(use: (whole: SmallRecord, empty: SmallRecord) => Promise<void>): Promise<void> {
  return withSmallRecord((whole) =>
    withSmallRecord(async (empty) => {
      await history(whole);
      await use(whole, empty);
    }),
  );
}

describe("an empty database", () => {
  it("is completed from an export: records, coverage, erasures, and keys with their numbers", () =>
    withTwo(async (whole, empty) => {
      const { store, scope, effects } = empty;
      const read = await whole.exported();
      const done = await recoverFrom(effects, scope, read);
      expect(done).toMatchObject({ from: 0, erased: 2 });
      const { size } = done;
      expect(await recoverFrom(effects, scope, read)).toEqual({ from: size, size, leaves: 0, versions: 0, erased: 0 });
      await rebuildRows(store, scope, effects.streams);
      expect(await said(empty)).toEqual(await said(whole));
      // The second key signs alone here too.
      const { keys, isHandover } = await store.read((tx) => signingKeys(tx, scope));
      expect([keys.map(({ keyNo }) => keyNo), isHandover]).toEqual([[2], false]);
    }));

  it("signs with both keys where the export does not show that they have", () =>
    withTwo(async (whole, empty) => {
      const { store, scope, effects } = empty;
      await recoverFrom(effects, scope, { ...(await whole.exported()), continuations: [] });
      const { keys, isHandover } = await store.read((tx) => signingKeys(tx, scope));
      expect([keys.map(({ keyNo }) => keyNo), isHandover]).toEqual([[1, 2], true]);
    }));
});

describe("an export of thousands of leaves", () => {
  const names = Array.from({ length: 2_100 }, (_, at) => `line ${at}`);
  const many = async (record: SmallRecord) => {
    const records = names.map((name) => cost(name, "1"));
    // Whatever moves on a day that is settled is counted with its commit.
    record.clock.set(Date.parse("2027-10-30T00:00:00Z"));
    for (const lines of [1, names.length, names.length - 1]) {
      await record.commit("cost_report", { span: SPAN, records: records.slice(0, lines), pages: 2 });
    }
    await publishCheckpoint(record.effects, record.scope);
  };

  it("comes back in several transactions, none of which ends within a commit", () =>
    withSmallRecord((whole) =>
      withSmallRecord(async (empty) => {
        await many(whole);
        let writes = 0;
        const { store: kept, scope, effects } = empty;
        const write: Store["write"] = (work) => {
          writes += 1;
          return kept.write(work);
        };
        const store: Store = { ...kept, read: (work) => kept.read(work), close: () => kept.close(), write };
        await recoverFrom({ ...effects, store }, scope, await whole.exported());
        // The log, the mark on the rows, two parts of the leaves, the checkpoint.
        expect(writes).toBe(5);
        expect(await covered(empty)).toMatchObject([[{ state: "complete", revised: names.length }], []]);
      }),
    ));

  it("differs from a log whose stored hashes were altered, though no leaf does", () =>
    withSmallRecord(async (record) => {
      await many(record);
      const read = await record.exported();
      await record.tamper((db) =>
        db
          .updateTable("tile_hashes")
          .set({ hash: Buffer.alloc(32) })
          .execute(),
      );
      const { size } = read.checkpoint;
      await expect(recoverFrom(record.effects, record.scope, read)).rejects.toMatchObject({
        code: "ledger.differs_from_export",
        facts: { leaf: size },
      });
    }));
});

describe("what is not what an export signs", () => {
  const bad: [string, FailureCode, (read: ReadExport) => ReadExport][] = [
    [
      "leaves",
      "ledger.verification",
      (read) => ({ ...read, checkpoint: { ...read.checkpoint, root: Buffer.alloc(32) } }),
    ],
    [
      "content",
      "ledger.verification",
      (read) => ({
        ...read,
        async *leaves(from, to) {
          for await (const leaf of read.leaves(from, to)) {
            yield leaf.payload?.includes('"amount":"5"') ? { ...leaf, payload: leaf.payload.replace("5", "6") } : leaf;
          }
        },
      }),
    ],
  ];
  it.each(bad)("is refused: other %s", (_, code, change) =>
    withTwo(async (whole, empty) => {
      const read = change(await whole.exported());
      await expect(recoverFrom(empty.effects, empty.scope, read)).rejects.toSatisfy(failing(code));
    }),
  );

  it.each([
    ["a record", [cost("a", "1")]],
    ["an empty window", []],
  ])("is refused by a version that does not know the stream of %s", (_, records) =>
    withSmallRecord((whole) =>
      withSmallRecord(async ({ effects, scope }) => {
        await whole.commit("cost_report", { span: SPAN, records });
        await publishCheckpoint(whole.effects, whole.scope);
        const recovering = recoverFrom({ ...effects, streams: [] }, scope, await whole.exported());
        await expect(recovering).rejects.toSatisfy(failing("store.newer"));
      }),
    ),
  );
});
