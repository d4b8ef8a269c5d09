import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyOts,
  attestationsOf,
  formatOts,
  graftOts,
  LedgerError,
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

  it("is of a digest, and says something", () => {
    const attestations: Attestation[] = [{ kind: "bitcoin", height: 7 }];
    for (const length of [31, 33]) {
      expect(() => formatOts({ message: Buffer.alloc(length), attestations, steps: [] })).toThrow("no digest");
    }
    expect(() => formatOts({ message: digest, attestations: [], steps: [] })).toThrow("says nothing");
  });

  it("puts bytes behind the message or in front of it, up to 4,096 in all", () => {
    const bytes = Buffer.from("ab");
    expect(applyOts({ name: "append", bytes }, Buffer.from("x")).toString()).toBe("xab");
    expect(applyOts({ name: "prepend", bytes }, Buffer.from("x")).toString()).toBe("abx");
    expect(applyOts({ name: "append", bytes: Buffer.alloc(4_064) }, digest)).toHaveLength(4_096);
    expect(() => applyOts({ name: "append", bytes: Buffer.alloc(4_065) }, digest)).toThrow("too long a message");
  });

  it("merges ways that begin alike, and keeps those that do not apart", () => {
    const end = (message: Buffer, uri: string): OtsStamp => ({
      message,
      attestations: [{ kind: "pending", uri }],
      steps: [],
    });
    const sha = { name: "sha256" } as const;
    const append = (text: string) => ({ name: "append", bytes: Buffer.from(text) }) as const;
    const through = (operation: OtsOperation, uri: string) =>
      stampThrough(digest, operation, end(applyOts(operation, digest), uri));
    const merged = [
      through(sha, "https://b"),
      through(append("x"), "https://c"),
      through(append("y"), "https://d"),
    ].reduce(mergeOts, through(sha, "https://a"));
    expect(
      merged.steps.map(({ operation, stamp }) => [
        operation.name,
        stamp.attestations.map((one) => (one.kind === "pending" ? one.uri : "")),
      ]),
    ).toEqual([
      ["sha256", ["https://a", "https://b"]],
      ["append", ["https://c"]],
      ["append", ["https://d"]],
    ]);
  });

  it("is grafted deep inside too", () => {
    const operation = { name: "append", bytes: Buffer.from("y") } as const;
    const message = applyOts(operation, digest);
    const inner: OtsStamp = { message, attestations: [{ kind: "pending", uri: "https://a" }], steps: [] };
    const graft: OtsStamp = { message, attestations: [{ kind: "bitcoin", height: 7 }], steps: [] };
    const grown = graftOts(stampThrough(digest, operation, inner), graft);
    expect([...attestationsOf(grown)].map(({ attestation, message }) => [attestation.kind, message])).toEqual([
      ["pending", message],
      ["bitcoin", message],
    ]);
  });

  const PENDING = "0083dfe30d2ef90c8e";
  const ZEROS = `${HEADER}${"00".repeat(32)}`;
  it.each<[string, string]>([
    ["a height of 2^53-1", `${ZEROS}000588960d73d7190108${"ff".repeat(7)}0f`],
    ["an address of 1,000 letters", `${ZEROS}${PENDING}ea07e807${"61".repeat(1000)}`],
    ["what is not known, 8,192 bytes of it", `${ZEROS}0001020304050607088040${"00".repeat(8192)}`],
    ["a message of 4,096 bytes", `${ZEROS}f0e01f${"61".repeat(4064)}${PENDING}020161`],
  ])("is read with %s", (_, hex) => {
    expect(formatOts(parseOts(Buffer.from(hex, "hex"))).toString("hex")).toBe(hex);
  });

  it.each<[string, string, string]>([
    ["a height beyond 2^53-1", `${ZEROS}000588960d73d7190108${"80".repeat(7)}10`, "too large a number"],
    ["something behind a height", `${ZEROS}000588960d73d71901020700`, "goes on after its end"],
    ["something behind an address", `${ZEROS}${PENDING}03016100`, "goes on after its end"],
    ["an address of 1,001 letters", `${ZEROS}${PENDING}eb07e907${"61".repeat(1001)}`, "too long a part"],
    ["8,193 bytes that are not known", `${ZEROS}0001020304050607088140${"00".repeat(8193)}`, "too long a part"],
    ["an empty address", `${ZEROS}${PENDING}0100`, "characters that none has"],
    ["no attestation behind a mark", `${ZEROS}ff`, "ends in the middle"],
    ["another hash than SHA-256", `${HEADER.slice(0, -2)}02${"00".repeat(32)}${PENDING}020161`, "version or hash"],
    ["a digest that is cut", `${HEADER}${"00".repeat(31)}`, "ends in the middle"],
  ])("is refused with %s, and says so", (_, hex, message) => {
    expect(() => parseOts(Buffer.from(hex, "hex"))).toThrow(message);
    expect(() => parseOts(Buffer.from(hex, "hex"))).toThrow(LedgerError);
  });

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
    expect(() => readOtsStamp(Buffer.concat([deep(1), Buffer.alloc(1)]), digest)).toThrow("goes on after its end");
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
