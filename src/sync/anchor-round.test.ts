import { describe, expect, it } from "vitest";

import type { AnchorPost, Handed } from "../anchors/index.ts";
import { Failure } from "../domain/index.ts";
import {
  findCheckpoint,
  latestCheckpoint,
  listAnchors,
  putAnchor,
  putCheckpoint,
  type AnchorRow,
} from "../store/index.ts";
import { withSmallRecord, type SmallRecord } from "../../test/support/small-record.ts";
import { anchorFolders } from "./anchor-evidence.ts";
import { anchorRound } from "./anchor-round.ts";
import { appendAudit, publishCheckpoint } from "./tenant-log.ts";

const ORIGIN = "ledger.example/test";
const HOUR = 3_600_000;

/** A service that answers as told. */
function post(kind: AnchorPost["kind"], hand: AnchorPost["hand"], more: Partial<AnchorPost> = {}): AnchorPost {
  return { kind, target: "a service", hand, ...more };
}
const handed = (state: Handed["state"], proof: string | null, facts = {}): Handed => ({
  state,
  proof: proof === null ? null : Buffer.from(proof),
  facts,
});
const round = ({ effects, scope }: SmallRecord, ...posts: readonly AnchorPost[]) =>
  anchorRound(effects, scope, { posts, everyMs: HOUR, isAsked: true });

async function sign({ effects, scope }: SmallRecord): Promise<number> {
  await appendAudit(effects, scope, { event: "test.happened" });
  return publishCheckpoint(effects, scope);
}
const rows = ({ store, scope }: SmallRecord): Promise<AnchorRow[]> =>
  store.read((tx) => listAnchors(tx, scope, { origin: ORIGIN, limit: 100 }));

describe("a round of anchors", () => {
  it("asks nobody while nothing is signed", () =>
    withSmallRecord(async (record) => {
      const copy = post("copy", () => Promise.reject(new Error("nothing to hand over")));
      expect(await round(record, copy)).toEqual([]);
      await appendAudit(record.effects, record.scope, { event: "test.happened" });
      expect(await round(record, copy)).toEqual([]);
    }));

  it("asks the others all the same where one fails in a way that none should", () =>
    withSmallRecord(async (record) => {
      await sign(record);
      const broken = post("ots", () => Promise.reject(new TypeError("ours")));
      const copy = post("copy", async () => handed("copied", null));
      await expect(round(record, broken, copy)).rejects.toThrow("ours");
      expect(await rows(record)).toMatchObject([{ kind: "copy", state: "copied" }]);
    }));

  it("leaves what another process had more luck with", () =>
    withSmallRecord(async (record) => {
      const { store, scope } = record;
      const size = await sign(record);
      const { note } = (await store.read((tx) => latestCheckpoint(tx, scope)))!;
      const luckier = post("ots", async () => {
        await store.write((tx) => putAnchor(tx, scope, anchored({ state: "confirmed", size, checkpoint: note })));
        throw new Failure("anchor.unreachable", { service: "a service" });
      });
      expect((await round(record, luckier))[0]?.problem?.code).toBe("anchor.unreachable");
      expect(await rows(record)).toMatchObject([{ state: "confirmed", tries: 0 }]);
    }));

  it("records a proof once, however often it is asked after", () =>
    withSmallRecord(async (record) => {
      await sign(record);
      const calendar = post("ots", async () => handed("pending", "a proof"), {
        isOpen: (state) => state === "pending",
        goOn: async (proof) => handed("pending", proof.toString(), { says: "soon" }),
      });
      await round(record, calendar);
      const [first] = await rows(record);
      await round(record, calendar);
      const again = (await rows(record)).filter(({ size }) => size === first!.size);
      expect(again).toMatchObject([{ leafIndex: first!.leafIndex, facts: '{"says":"soon"}' }]);
      expect(first!.leafIndex).not.toBe(null);
    }));

  it("adds a witness's line once, also when another process has added it meanwhile", () =>
    withSmallRecord(async (record) => {
      const { store, scope, tamper } = record;
      const size = await sign(record);
      const line = "— witness.example/w1 AAAA\n";
      let signedSize: number | null = null;
      const witness = post("witness", async (_, history) => {
        const signed = (await store.read((tx) => findCheckpoint(tx, scope, size)))!;
        await tamper((db) => db.deleteFrom("checkpoints").execute());
        signedSize = await history.signedSize();
        await store.write((tx) => putCheckpoint(tx, scope, { ...signed, note: signed.note + line }));
        return handed("cosigned", line);
      });
      await round(record, witness);
      const { note } = (await store.read((tx) => findCheckpoint(tx, scope, size)))!;
      expect([note.split(line).length, signedSize]).toEqual([2, 0]);
    }));
});

const anchored = (change: Partial<AnchorRow>): AnchorRow => ({
  origin: ORIGIN,
  size: 1,
  kind: "ots",
  target: "a service",
  state: "stamped",
  checkpoint: "note\n",
  proof: Buffer.from("a proof"),
  facts: "{}",
  sinceMs: 0,
  handedMs: 0,
  tries: 0,
  dueMs: 0,
  problemCode: null,
  problem: null,
  leafIndex: 0,
  ...change,
});

it("an export takes the stamps of all authorities along, and certificates with those alone that lead to them", () =>
  withSmallRecord(async (record) => {
    const { store, scope, signer } = record;
    await sign(record);
    const stamps = [
      anchored({ kind: "rfc3161", target: "one" }),
      anchored({ kind: "rfc3161", target: "two" }),
      anchored({ kind: "ots" }),
      anchored({ kind: "copy", state: "copied", proof: null }),
    ];
    for (const row of stamps) await store.write((tx) => putAnchor(tx, scope, row));
    const [folder] = await anchorFolders(store, scope, signer.kept.at(-1)!, []);
    const names = folder!.files.map(({ name }) => name).toSorted();
    expect(names).toEqual(["checkpoint.2.tsr", "checkpoint.ots", "checkpoint.tsr"]);
  }));
