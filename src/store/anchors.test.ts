import { expect, it } from "vitest";

import { onEveryEngine, tenantScope } from "../../test/support/stores.ts";
import {
  cosigners,
  currentAnchors,
  dropWaiting,
  findAnchor,
  listAnchors,
  putAnchor,
  recordedAnchors,
  type AnchorRow,
} from "./index.ts";

const ORIGIN = "ledger.example/test";
const row = (
  kind: AnchorRow["kind"],
  state: AnchorRow["state"],
  size: number,
  change: Partial<AnchorRow> = {},
): AnchorRow => ({
  origin: ORIGIN,
  size,
  kind,
  target: kind,
  state,
  checkpoint: `note of ${size}`,
  proof: state === "waiting" || state === "copied" ? null : Buffer.from([0, size, 255]),
  facts: "{}",
  sinceMs: size,
  handedMs: state === "waiting" ? null : size,
  tries: 0,
  dueMs: 2 ** 41,
  problemCode: null,
  problem: null,
  leafIndex: null,
  ...change,
});

onEveryEngine(({ database }) => {
  it("keeps where each checkpoint stands, one row a service, apart by tenant and log", async () => {
    const store = await (await database()).open({ tables: [] });
    const [scope, other] = [await tenantScope(store), await tenantScope(store, "other")];
    const rows = [
      row("witness", "cosigned", 3, { leafIndex: 4 }),
      row("witness", "cosigned", 5),
      row("rfc3161", "stamped", 3, { leafIndex: 3 }),
      row("rfc3161", "stamped", 5, { leafIndex: 6 }),
      row("rfc3161", "waiting", 9, { problemCode: "anchor.unreachable", problem: "no answer" }),
      row("ots", "pending", 3, { leafIndex: 7 }),
      row("ots", "confirmed", 5, { leafIndex: 8 }),
      row("copy", "copied", 3),
      row("copy", "copied", 5),
      row("witness", "cosigned", 99, { origin: "ledger.example/earlier", target: "earlier" }),
    ];
    await store.write(async (tx) => {
      for (const one of rows) await putAnchor(tx, scope, one);
      await putAnchor(tx, other, row("witness", "cosigned", 50, { target: "theirs" }));
      // The same again, further on.
      await putAnchor(tx, scope, row("witness", "cosigned", 5, { facts: '{"by":"w"}' }));
    });
    await store.read(async (tx) => {
      const names = (found: readonly AnchorRow[]) => found.map(({ kind, size, state }) => `${kind} ${size} ${state}`);
      const all = await listAnchors(tx, scope, { origin: ORIGIN, limit: 100 });
      expect(all).toHaveLength(9);
      expect(names(await listAnchors(tx, scope, { origin: ORIGIN, below: 5, limit: 2 }))).toEqual([
        "copy 3 copied",
        "ots 3 pending",
      ]);
      expect(await findAnchor(tx, scope, row("witness", "cosigned", 5))).toEqual(
        row("witness", "cosigned", 5, { facts: '{"by":"w"}' }),
      );
      // Of each service the newest that it took, whatever waits, and what no leaf records yet.
      expect(names(await currentAnchors(tx, scope, ORIGIN))).toEqual([
        "rfc3161 9 waiting",
        "copy 5 copied",
        "ots 5 confirmed",
        "rfc3161 5 stamped",
        "witness 5 cosigned",
        "ots 3 pending",
      ]);
      expect(names(await recordedAnchors(tx, scope, { origin: ORIGIN, beforeLeaf: 7 }))).toEqual([
        "rfc3161 3 stamped",
        "witness 3 cosigned",
        "rfc3161 5 stamped",
      ]);
      expect(await cosigners(tx, scope, ORIGIN)).toEqual(["witness"]);
      expect(await cosigners(tx, scope, "ledger.example/earlier")).toEqual(["earlier"]);
      expect(await cosigners(tx, other, ORIGIN)).toEqual(["theirs"]);
    });
    await store.write(async (tx) => {
      await dropWaiting(tx, scope, row("rfc3161", "waiting", 9));
      await dropWaiting(tx, scope, row("rfc3161", "stamped", 5));
    });
    const left = await store.read((tx) => currentAnchors(tx, scope, ORIGIN));
    expect(left.filter(({ kind }) => kind === "rfc3161").map(({ size }) => size)).toEqual([5]);
  });
});
