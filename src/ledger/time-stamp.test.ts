import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  openTimeStampAuthority,
  opensslMissing,
  type TimeStampAuthority,
} from "../../test/support/time-stamp-authority.ts";
import { openTimeStamp, parseCertificates, timeStampRequest } from "./index.ts";

const missing = opensslMissing();
if (missing !== null) console.warn(`time stamps: skipped, ${missing}`);

const data = "the text of a checkpoint\n";
const digest = createHash("sha256").update(data).digest();

describe("a request", () => {
  it("is the 69 bytes that every authority reads", () => {
    const { request, nonce } = timeStampRequest(Buffer.alloc(32, 0xab), Buffer.alloc(8, 0xff));
    expect(request.toString("hex")).toBe(
      `30430201013031300d060960864801650304020105000420${"ab".repeat(32)}02087f${"ff".repeat(7)}0101ff`,
    );
    expect(nonce.toString("hex")).toBe(`7f${"ff".repeat(7)}`);
  });

  it("has a nonce that is positive and never shorter, whatever was drawn", () => {
    for (let first = 0; first < 256; first += 1) {
      const { nonce } = timeStampRequest(digest, Buffer.from([first, 0, 0, 0, 0, 0, 0, 0]));
      expect(nonce[0]).toBeGreaterThanOrEqual(0x40);
      expect(nonce[0]).toBeLessThan(0x80);
    }
  });
});

describe.skipIf(missing !== null)("an answer of openssl ts", () => {
  let dir = "";
  let authority: TimeStampAuthority;
  let answer: Buffer;
  const { request, nonce } = timeStampRequest(digest, randomBytes(8));
  const trusted = () => parseCertificates(authority.ca);

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "bursar-tsa-"));
    authority = await openTimeStampAuthority(join(dir, "rsa"), { key: "rsa" });
    answer = await authority.answer(request);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it("is opened, and openssl takes the same bytes for a stamp of the same data", async () => {
    const stamp = openTimeStamp(answer, { digest, nonce, trusted: trusted() });
    expect(stamp).toMatchObject({ by: "Test authority", isTrusted: true });
    expect(await authority.check(data, answer)).toContain("Verification: OK");
    expect(openTimeStamp(answer, { digest }).isTrusted).toBeNull();
  });

  it("is opened when an elliptic curve signed it", async () => {
    const other = await openTimeStampAuthority(join(dir, "ec"));
    const stamp = openTimeStamp(await other.answer(request), { digest, nonce, trusted: parseCertificates(other.ca) });
    expect(stamp.isTrusted).toBe(true);
    // Of another root than the one that is trusted.
    expect(openTimeStamp(answer, { digest, nonce, trusted: parseCertificates(other.ca) }).isTrusted).toBe(false);
  });

  it("is refused for other data and for another nonce", () => {
    const other = createHash("sha256").update("other").digest();
    expect(() => openTimeStamp(answer, { digest: other, nonce })).toThrow("of other data");
    expect(() => openTimeStamp(answer, { digest, nonce: Buffer.alloc(8, 0x50) })).toThrow("another nonce");
  });

  it("is refused when the authority refused", () => {
    // Status 2 with the reason that the hash is not taken, as RFC 3161 writes it.
    expect(() => openTimeStamp(Buffer.from("3009300702010203020780", "hex"), { digest })).toThrow("refusal (status 2)");
  });

  it("is refused when a certificate signed it that may not stamp time", async () => {
    const usual = await authority.signedBy(answer, "critical,timeStamping");
    expect(openTimeStamp(usual, { digest, nonce })).toMatchObject({ by: "Test signer" });
    const other = await authority.signedBy(answer, "codeSigning");
    expect(() => openTimeStamp(other, { digest, nonce })).toThrow("may not stamp time");
  });

  it("is refused whichever of its bits is flipped, or says the same", () => {
    const honest = openTimeStamp(answer, { digest, nonce, trusted: trusted() });
    let refused = 0;
    const other: unknown[] = [];
    for (let bit = 0; bit < answer.length * 8; bit += 5) {
      const altered = Buffer.from(answer);
      altered[bit >> 3] = altered[bit >> 3]! ^ (1 << (bit & 7));
      const stamp = orNull(() => openTimeStamp(altered, { digest, nonce, trusted: trusted() }));
      // Bits of the answer's own words, or of certificates that are not needed, are not signed.
      if (stamp?.isTrusted !== true) refused += 1;
      else if (JSON.stringify(stamp) !== JSON.stringify(honest)) other.push([bit, stamp]);
    }
    expect(other).toEqual([]);
    expect(refused).toBeGreaterThan((answer.length * 8) / 5 / 2);
  });

  it.each([0, 1, 2, 100, -1])("is refused when it ends after %i bytes", (bytes) => {
    expect(() => openTimeStamp(answer.subarray(0, bytes), { digest, nonce })).toThrow(/DER|belongs/);
  });

  it("is refused with anything behind it", () => {
    expect(() => openTimeStamp(Buffer.concat([answer, Buffer.alloc(1)]), { digest })).toThrow("DER");
  });
});

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
