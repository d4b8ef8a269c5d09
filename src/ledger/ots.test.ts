import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyOts,
  attestationsOf,
  formatOts,
  graftOts,
  mergeOts,
  parseOts,
  readOtsStamp,
  stampThrough,
  type Attestation,
  type OtsOperation,
  type OtsStamp,
} from "./index.ts";
import { openTimestampsMissing, readByLibrary } from "../../test/support/open-timestamps.ts";

const missing = openTimestampsMissing();
if (missing !== null) console.warn(`OpenTimestamps: skipped, ${missing}`);

const data = "the text of a checkpoint\n";
const digest = createHash("sha256").update(data).digest();
const HEADER = "004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e892940108";

const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((array) => Buffer.from(array));
const operation: fc.Arbitrary<OtsOperation> = fc.oneof(
  fc.constant({ name: "sha256" as const }),
  fc.record({ name: fc.constantFrom("append" as const, "prepend" as const), bytes }),
);
const attestation: fc.Arbitrary<Attestation> = fc.oneof(
  fc.record({ kind: fc.constant("bitcoin" as const), height: fc.nat(2 ** 31 - 1) }),
  fc.record({
    kind: fc.constant("pending" as const),
    uri: fc.constantFrom("https://a.example", "https://b.example/x-y_z", "http://127.0.0.1:80"),
  }),
  fc.record({ kind: fc.constant("unknown" as const), tag: fc.constant("0102030405060708"), payload: bytes }),
);

/** A stamp of this message, several levels deep, each end attested. */
const stampOf = (message: Buffer, depth: number): fc.Arbitrary<OtsStamp> =>
  depth === 0
    ? attestation.map((one) => ({ message, attestations: [one], steps: [] }))
    : fc
        .tuple(fc.uniqueArray(attestation, { maxLength: 2, selector: (one) => JSON.stringify(one) }), operation)
        .chain(([attestations, first]) =>
          stampOf(applyOts(first, message), depth - 1).map((stamp) => ({
            message,
            attestations,
            steps: [{ operation: first, stamp }],
          })),
        );

describe("an .ots file", () => {
  it("is the header, the digest and the tree, attestations first", () => {
    const nonce = { name: "append" as const, bytes: Buffer.from("0102", "hex") };
    const salted = applyOts(nonce, digest);
    const end: OtsStamp = {
      message: applyOts({ name: "sha256" }, salted),
      attestations: [
        { kind: "pending", uri: "https://a" },
        { kind: "bitcoin", height: 300 },
      ],
      steps: [],
    };
    const stamp = stampThrough(digest, nonce, stampThrough(salted, { name: "sha256" }, end));
    const pending = "0083dfe30d2ef90c8e0a0968747470733a2f2f61";
    const bitcoin = "000588960d73d7190102ac02";
    expect(formatOts(stamp).toString("hex")).toBe(`${HEADER}${digest.toString("hex")}f002010208ff${pending}${bitcoin}`);
    expect(parseOts(formatOts(stamp))).toEqual(stamp);
  });

  it("reads back as it was written, whatever is in it", () => {
    fc.assert(
      fc.property(
        fc.nat(5).chain((depth) => stampOf(digest, depth)),
        (stamp) => {
          expect(parseOts(formatOts(stamp))).toEqual(stamp);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("says of a merged proof all that both say, once", () => {
    fc.assert(
      fc.property(stampOf(digest, 2), stampOf(digest, 3), (one, other) => {
        const merged = mergeOts(one, other);
        const said = (stamp: OtsStamp) =>
          new Set(
            [...attestationsOf(stamp)].map((found) =>
              JSON.stringify([found.message.toString("hex"), found.attestation]),
            ),
          );
        expect(said(merged)).toEqual(new Set([...said(one), ...said(other)]));
        expect(formatOts(mergeOts(merged, one)).equals(formatOts(merged))).toBe(true);
        expect(parseOts(formatOts(merged))).toEqual(merged);
      }),
      { numRuns: 100 },
    );
    const other = { message: Buffer.alloc(32), attestations: [], steps: [] };
    expect(() => mergeOts({ ...other, message: digest }, other)).toThrow("different things");
  });

  it("takes a graft where its message stands, and nowhere else", () => {
    const pending: OtsStamp = { message: digest, attestations: [{ kind: "pending", uri: "https://a" }], steps: [] };
    const outer = stampThrough(Buffer.from("x"), { name: "append", bytes: Buffer.from("y") }, pending);
    const graft: OtsStamp = { message: digest, attestations: [{ kind: "bitcoin", height: 7 }], steps: [] };
    expect([...attestationsOf(graftOts(outer, graft))].map(({ attestation }) => attestation.kind)).toEqual([
      "pending",
      "bitcoin",
    ]);
    const elsewhere = { ...graft, message: Buffer.alloc(32, 1) };
    expect(graftOts(outer, elsewhere)).toEqual(outer);
  });

  const PENDING = "0083dfe30d2ef90c8e";
  it.each<[string, string]>([
    ["no proof", "00"],
    ["another file", `01${HEADER.slice(2)}${"00".repeat(32)}`],
    ["another version", `${HEADER.slice(0, -4)}0208${"00".repeat(32)}${PENDING}020161`],
    ["nothing attested", `${HEADER}${"00".repeat(32)}`],
    ["an operation that is not known", `${HEADER}${"00".repeat(32)}02${PENDING}020161`],
    ["bytes behind its end", `${HEADER}${"00".repeat(32)}${PENDING}02016100`],
    ["a calendar with a query", `${HEADER}${"00".repeat(32)}${PENDING}0403613f62`],
    ["a calendar with a login", `${HEADER}${"00".repeat(32)}${PENDING}0403614062`],
    ["an address that is cut", `${HEADER}${"00".repeat(32)}${PENDING}020561`],
    ["a height that is no number", `${HEADER}${"00".repeat(32)}000588960d73d719010a${"ff".repeat(9)}7f`],
    ["an endless number", `${HEADER}${"00".repeat(32)}f0${"80".repeat(400)}`],
    ["an operation that adds nothing", `${HEADER}${"00".repeat(32)}f000${PENDING}020161`],
    ["a message that grows too long", `${HEADER}${"00".repeat(32)}f08020${"61".repeat(4096)}${PENDING}020161`],
  ])("is refused with %s", (_, hex) => {
    expect(() => parseOts(Buffer.from(hex, "hex"))).toThrow();
  });

  it("is read to 255 operations and refused beyond 256 levels", () => {
    const deep = (levels: number) => Buffer.from(`${"08".repeat(levels)}${PENDING}020161`, "hex");
    expect([...attestationsOf(readOtsStamp(deep(255), digest))]).toHaveLength(1);
    expect(() => readOtsStamp(deep(256), digest)).toThrow("too deep");
  });

  it.skipIf(missing !== null)("is read by Python's library as by us", async () => {
    const samples = fc.sample(
      fc.nat(6).chain((depth) => stampOf(digest, depth)),
      { numRuns: 4, seed: 11 },
    );
    for (const stamp of samples) {
      const ours = [...attestationsOf(stamp)].flatMap(({ attestation }) =>
        attestation.kind === "bitcoin"
          ? [`bitcoin ${attestation.height}`]
          : attestation.kind === "pending"
            ? [`pending ${attestation.uri}`]
            : [],
      );
      // One that it does not know has no name to print.
      if (ours.length < [...attestationsOf(stamp)].length) continue;
      expect((await readByLibrary(formatOts(stamp), data)).toSorted()).toEqual(ours.toSorted());
    }
    await expect(readByLibrary(formatOts(samples[0]!), "other data")).rejects.toThrow("another file");
  });
});
