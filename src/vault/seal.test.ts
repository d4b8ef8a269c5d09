import { createCipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";

import { keyIdOf, seal, unseal } from "./seal.ts";

const fill = (count: number, value: number) => Buffer.alloc(count, value);
const KEK = { id: fill(16, 0xaa), key: fill(32, 1) };
const DEK = { id: fill(16, 0xbb), key: fill(32, 2) };
const SECRET_CONTEXT = ["secret", "tenant-1", "cred-1", "1"];

describe("sealing", () => {
  it("gives the published bytes for a data key", () => {
    const blob = seal(KEK, fill(12, 3), DEK.key, ["dek", "tenant-1", "1"]);
    expect(blob.subarray(0, 17).toString("hex")).toBe(`01${"aa".repeat(16)}`);
    expect(blob.subarray(17).toString("hex")).toBe(
      "030303030303030303030303fa631698fd86356baffee465ce1b26aaba31a34f85cdc0b0ae12bf44a8488471215629d40e3b11bedd6798517c6c174a",
    );
  });

  it("gives the published bytes for a secret", () => {
    const blob = seal(DEK, fill(12, 4), Buffer.from("sk-ant-admin01-TEST"), SECRET_CONTEXT);
    expect(blob.subarray(17).toString("hex")).toBe(
      "0404040404040404040404047727fc6f903fbd3bf933be8e867234f25ee18dc0e9e4a437397d2bfe5b5e18ca63597b",
    );
  });

  const sealed = seal(DEK, fill(12, 4), Buffer.from("sk-ant-admin01-TEST"), SECRET_CONTEXT);

  it("opens what it sealed", () => {
    expect(unseal(DEK, sealed, SECRET_CONTEXT)?.toString()).toBe("sk-ant-admin01-TEST");
  });

  it.each([
    ["purpose", ["signing", "tenant-1", "cred-1", "1"]],
    ["tenant", ["secret", "tenant-2", "cred-1", "1"]],
    ["record", ["secret", "tenant-1", "cred-2", "1"]],
    ["version", ["secret", "tenant-1", "cred-1", "2"]],
    ["division of the same text into parts", ["secret", "tenant-1cred-1", "", "1"]],
  ])("refuses another %s", (_, context) => {
    expect(unseal(DEK, sealed, context)).toBeNull();
  });

  it("refuses another key, under its own name and under that of the right one", () => {
    expect(unseal(KEK, sealed, SECRET_CONTEXT)).toBeNull();
    expect(unseal({ id: DEK.id, key: KEK.key }, sealed, SECRET_CONTEXT)).toBeNull();
  });

  it("refuses every blob with one flipped bit", () => {
    for (let at = 0; at < sealed.length * 8; at++) {
      const altered = Buffer.from(sealed);
      altered[at >> 3]! ^= 1 << (at & 7);
      expect(unseal(DEK, altered, SECRET_CONTEXT)).toBeNull();
    }
  });

  it("refuses every shortened blob, so that a short tag is never taken for a whole one", () => {
    for (let length = 0; length < sealed.length; length++) {
      expect(unseal(DEK, sealed.subarray(0, length), SECRET_CONTEXT)).toBeNull();
    }
    const cipher = createCipheriv("aes-256-gcm", DEK.key, fill(12, 4), { authTagLength: 4 });
    const ciphertext = Buffer.concat([cipher.update("x".repeat(40)), cipher.final()]);
    const shortTag = Buffer.concat([Buffer.of(1), DEK.id, fill(12, 4), ciphertext, cipher.getAuthTag()]);
    expect(unseal(DEK, shortTag, [])).toBeNull();
  });

  it("seals nothing with a key id or an IV of another length, and seals and opens the empty value", () => {
    for (const length of [15, 17]) {
      expect(() => seal({ ...DEK, id: fill(length, 1) }, fill(12, 4), fill(1, 1), [])).toThrow(RangeError);
    }
    for (const length of [11, 13]) expect(() => seal(DEK, fill(length, 4), fill(1, 1), [])).toThrow(RangeError);
    const empty = seal(DEK, fill(12, 4), fill(0, 0), []);
    expect([empty.length, unseal(DEK, empty, [])]).toEqual([45, fill(0, 0)]);
    expect(keyIdOf(empty)).toEqual(DEK.id);
    expect(keyIdOf(empty.subarray(0, 44))).toBeNull();
  });

  it("names the key inside the blob, and nothing in what is no blob", () => {
    expect(keyIdOf(sealed)).toEqual(DEK.id);
    expect(keyIdOf(Buffer.from([2, ...sealed.subarray(1)]))).toBeNull();
    expect(keyIdOf(Buffer.alloc(0))).toBeNull();
  });
});
