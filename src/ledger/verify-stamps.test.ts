import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import {
  algorithm,
  stampBy,
  stampContent,
  stamperIn,
  stampersOf,
  type Stamper,
} from "../../test/support/handmade-time-stamp.ts";
import { opensslMissing } from "../../test/support/time-stamp-authority.ts";
import { parseCertificates } from "./certificates.ts";
import { formatOts, type Attestation, type OtsStamp } from "./ots.ts";
import { readStamp } from "./verify-stamps.ts";

const missing = opensslMissing();
if (missing !== null) console.warn(`stamps of an authority: skipped, ${missing}`);

const checkpoint = Buffer.from("the text of a checkpoint\n");
const digest = createHash("sha256").update(checkpoint).digest();
const size = 20;

describe("an OpenTimestamps proof", () => {
  const file = "anchors/20/checkpoint.ots";
  const read = (proof: OtsStamp) =>
    readStamp({ file, size, stamp: formatOts(proof), checkpoint, certificates: undefined }, undefined);
  const attested = (...attestations: Attestation[]) => ({ message: digest, attestations, steps: [] });
  const pending = { kind: "pending", uri: "https://calendar.example" } as const;

  it("says which calendars hold it, as long as no block does", () => {
    expect(read(attested(pending, { ...pending, uri: "https://b.example" }))).toEqual({
      file,
      size,
      kind: "ots",
      says: ["pending at https://calendar.example, so not anchored", "pending at https://b.example, so not anchored"],
      notChecked: [],
    });
  });

  it("says which block holds it, and what of that was not looked at, the root as explorers write it", () => {
    const report = read(attested(pending, { kind: "bitcoin", height: 358_391 }));
    expect(report.says).toEqual(["in Bitcoin block 358391"]);
    expect(report.notChecked).toEqual([
      `that the Merkle root of Bitcoin block 358391 is ${Buffer.from(digest.toReversed()).toString("hex")}`,
    ]);
  });

  it("is refused when it is about another file", () => {
    expect(() => read({ ...attested(pending), message: Buffer.alloc(32) })).toThrow("of another file");
  });

  it("is refused when a block is to hold what is no Merkle root", () => {
    const operation = { name: "append", bytes: Buffer.from("x") } as const;
    const message = Buffer.concat([digest, operation.bytes]);
    const deeper = { message, attestations: [{ kind: "bitcoin", height: 7 } as const], steps: [] };
    expect(() => read({ message: digest, attestations: [], steps: [{ operation, stamp: deeper }] })).toThrow(
      "no Merkle root",
    );
  });
});

it("a stamp of a kind that is not known is named as not checked", () => {
  const file = "anchors/20/checkpoint.x";
  const report = readStamp({ file, size, stamp: Buffer.alloc(1), checkpoint, certificates: undefined }, undefined);
  expect(report).toMatchObject({ file, size, kind: "other", says: [] });
  expect(report.notChecked.join()).toContain("a kind that is not known");
});

describe.skipIf(missing !== null)("an authority's time stamp", () => {
  const file = "anchors/20/checkpoint.tsr";
  let stamper: Stamper;
  let ca = "";
  let other = "";
  let stamp: Buffer;
  let at: Date;

  beforeAll(async () => {
    const dir = await stampersOf("one");
    stamper = stamperIn(dir);
    ca = ["root", "issuer"].map((name) => stamperIn(dir, name).certificate.toString()).join("");
    other = stamperIn(await stampersOf("other"), "root").certificate.toString();
    at = stamper.certificate.validFromDate;
    const time = `${at.toISOString().slice(0, 19).replaceAll(/[-T:]/g, "")}Z`;
    stamp = stampBy(stamper, digest, {
      content: stampContent(digest, { time }),
      signatureAlgorithm: algorithm("1.2.840.10045.4.3.2"),
    });
  });

  const read = (certificates: string | undefined, authorities?: string) =>
    readStamp(
      { file, size, stamp, checkpoint, certificates },
      authorities === undefined ? undefined : parseCertificates(authorities),
    );

  it("says who made it and when, and that whose the certificate is was not checked", () => {
    expect(read(undefined)).toEqual({
      file,
      size,
      kind: "rfc3161",
      says: [`stamped by Test authority at ${at.toISOString()}`],
      notChecked: ['whose certificate "Test authority" is'],
    });
  });

  it("says that the certificates it leads to came with the export", () => {
    expect(read(ca).notChecked.join()).toContain("the export brings them itself");
  });

  it("leaves nothing open where it leads to an authority from elsewhere, whatever the export brings", () => {
    expect(read(other, ca).notChecked).toEqual([]);
  });

  it("is refused when it leads neither to the certificates beside it nor to those from elsewhere", () => {
    expect(() => read(other)).toThrow("does not lead to tsa-ca.pem");
    expect(() => read(ca, other)).toThrow("the authority you named");
  });
});
