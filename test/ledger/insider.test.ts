import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openTimestamps, timeStampAuthority, witness, type Frozen } from "../../src/anchors/index.ts";
import { isFailure, systemClock } from "../../src/domain/index.ts";
import {
  consistencyProof,
  exportLedger,
  leafHash,
  nodeHash,
  parseCertificates,
  parseVkey,
  sha256Hex,
  verifyExport,
  type AnchorFolder,
  type HashAt,
} from "../../src/ledger/index.ts";
import { startWitness, type RunningWitness } from "../support/anchoring.ts";
import { testRandom } from "../support/bursar.ts";
import { openTimestampsMissing, startCalendar } from "../support/open-timestamps.ts";
import { outboundHere, startService } from "../support/outside.ts";
import { logKey, ORIGIN, SampleLedger } from "../support/sample-ledger.ts";
import { openTimeStampAuthority, opensslMissing } from "../support/time-stamp-authority.ts";

const missing = opensslMissing() ?? openTimestampsMissing();
if (missing !== null) console.warn(`insider: stamps skipped, ${missing}`);

/**
 * Whoever holds the signing key can write the ledger anew and sign it: every hash, every commitment and every signature
 * of the rewritten one is right. What shows it is always something that has left the building before.
 */
describe("an insider with the signing key who rewrites an amount", () => {
  const outbound = outboundHere();
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bursar-insider-"));
  });
  afterAll(async () => {
    await outbound.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Ten records; the fifth is what the insider would rather have been another. */
  function ledger(amount: string, more = 0): SampleLedger {
    const made = new SampleLedger();
    made.genesis();
    for (let n = 1; n <= 10 + more; n += 1) {
      made.append("rec", "cost_lines", { key: ["org", n], data: { amount: n === 5 ? amount : "1" }, obs: null });
    }
    return made;
  }
  const [honest, rewritten] = [ledger("900"), ledger("9", 3)];
  const kept = honest.checkpoint();
  const exportOf = async (of: SampleLedger, checkpoint = of.checkpoint(), anchors: AnchorFolder[] = []) => {
    const dir = join(folder, testRandom.bytes(6).toString("hex"));
    await exportLedger(of.source(checkpoint), dir, { anchors });
    return dir;
  };
  const whats = ({ failures }: Awaited<ReturnType<typeof verifyExport>>) => failures.map(({ what }) => what).join();

  it("is not caught by the export alone, however closely it is looked at", async () => {
    expect(await verifyExport(await exportOf(rewritten), { vkey: logKey.vkey })).toMatchObject({ ok: true });
  });

  it("is caught by a checkpoint that somebody kept", async () => {
    const found = await verifyExport(await exportOf(rewritten), { vkey: logKey.vkey, checkpoint: kept });
    expect(whats(found)).toContain("another history");
    const shorter = await verifyExport(await exportOf(ledger("9", -5)), { checkpoint: kept });
    expect(whats(shorter)).toContain("cut or rolled back");
  });

  describe("and a witness", () => {
    let watching: RunningWitness;
    beforeAll(async () => {
      watching = await startWitness(join(folder, "witness"), [logKey.vkey], systemClock);
    });
    afterAll(() => watching.close());
    const hashesOf =
      (of: SampleLedger): HashAt =>
      async (level, index) =>
        level === 0
          ? leafHash(of.leaves[index]!.leaf)
          : nodeHash(await hashesOf(of)(level - 1, 2 * index), await hashesOf(of)(level - 1, 2 * index + 1));
    const hand = (of: SampleLedger, seen: number) =>
      witness(outbound, { url: new URL(watching.url), key: parseVkey(watching.vkey) }).hand(frozenOf(of), {
        seen,
        signedSize: async () => of.size,
        consistency: (from) => consistencyProof(from, of.size, hashesOf(of)),
      });

    it("is caught: it does not cosign, our own side stops, and without its line nobody is satisfied", async () => {
      const { proof } = await hand(honest, 0);
      const cosigned = kept + proof!.toString();
      const source = honest.source(cosigned, [logKey.vkey], [watching.vkey]);
      const dir = join(folder, "cosigned");
      await exportLedger(source, dir);
      expect(await verifyExport(dir, { witnesses: [watching.vkey] })).toMatchObject({ ok: true });

      for (const seen of [0, honest.size]) {
        const refused: unknown = await hand(rewritten, seen).catch((thrown: unknown) => thrown);
        expect(isFailure(refused, "ledger.forked")).toBe(true);
      }
      const found = await verifyExport(await exportOf(rewritten), { vkey: logKey.vkey, witnesses: [watching.vkey] });
      expect(whats(found)).toContain("cosigned by 0 of the 1 witnesses");
    });
  });

  describe.skipIf(missing !== null)("and a stamp", () => {
    it("is caught by the older checkpoint that was stamped: it is of another tree", async () => {
      const authority = await openTimeStampAuthority(join(folder, "tsa"));
      const tsa = await startService(async ({ body }) => ({ body: await authority.answer(body) }));
      const calendar = await startCalendar();
      const ways = [
        timeStampAuthority(outbound, testRandom, { url: tsa.url, trusted: parseCertificates(authority.ca) }),
        openTimestamps(outbound, testRandom, { calendars: [new URL(calendar.url)], headers: new URL(calendar.url) }),
      ];
      for (const [at, way] of ways.entries()) {
        const handed = await way.hand(frozenOf(honest), undefined as never);
        if (at === 1) await calendar.mine();
        const proof = (await way.goOn?.(handed.proof!))?.proof ?? handed.proof!;
        const anchor = {
          checkpoint: kept,
          files: [{ name: at === 0 ? "checkpoint.tsr" : "checkpoint.ots", bytes: proof }],
        };
        const grown = ledger("900");
        grown.append("anchor", "app", anchorPayload(honest.size, kept, proof));
        expect(await verifyExport(await exportOf(grown, grown.checkpoint(), [anchor]))).toMatchObject({ ok: true });

        // Left out, the stamp is missing where others know of it; shown, it does not fit.
        const forged = ledger("9", 3);
        forged.append("anchor", "app", anchorPayload(honest.size, kept, proof));
        await expect(exportOf(forged, forged.checkpoint(), [anchor])).rejects.toThrow("not of this tree");
        expect(whats(await verifyExport(await exportOf(forged), { checkpoint: kept }))).toContain("another history");
        // Put on the insider's own checkpoint of that size, it is a stamp on something else.
        const own = { ...anchor, checkpoint: ledger("9").checkpoint() };
        forged.append("anchor", "app", anchorPayload(honest.size, own.checkpoint, proof));
        const found = await verifyExport(await exportOf(forged, forged.checkpoint(), [own]));
        expect(whats(found)).toMatch(/a time stamp of other data|a proof of another file/);
      }
      await calendar.close();
      await tsa.close();
    });

    it("is not caught by a stamp alone when both histories were stamped in time: only witnesses and kept checkpoints tell", async () => {
      const authority = await openTimeStampAuthority(join(folder, "tsa-2"));
      const tsa = await startService(async ({ body }) => ({ body: await authority.answer(body) }));
      const way = timeStampAuthority(outbound, testRandom, { url: tsa.url, trusted: null });
      for (const of of [ledger("900"), ledger("9")]) {
        const { size } = of;
        const checkpoint = of.checkpoint();
        const { proof } = await way.hand(frozenOf(of), undefined as never);
        of.append("anchor", "app", anchorPayload(size, checkpoint, proof!));
        const dir = await exportOf(of, of.checkpoint(), [
          { checkpoint, files: [{ name: "checkpoint.tsr", bytes: proof! }] },
        ]);
        expect(await verifyExport(dir, { vkey: logKey.vkey, authorities: authority.ca })).toMatchObject({ ok: true });
      }
      await tsa.close();
    });
  });
});

function frozenOf(of: SampleLedger): Frozen {
  const note = of.checkpoint();
  return { origin: ORIGIN, size: of.size, note, digest: Buffer.from(sha256Hex(note), "hex") };
}

function anchorPayload(size: number, checkpoint: string, proof: Uint8Array) {
  return {
    kind: "stamp",
    size,
    checkpoint_sha256: sha256Hex(checkpoint),
    proof_sha256: sha256Hex(proof),
    state: "stamped",
  };
}
