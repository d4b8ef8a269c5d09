import { describe, expect, it } from "vitest";
import { logKey, newerLogKey, ORIGIN, witnessKey } from "../../test/support/sample-ledger.ts";
import {
  checkLine,
  checkpointBody,
  cosignNote,
  formatVkey,
  isOrigin,
  LedgerError,
  openNote,
  parseCheckpoint,
  parseNote,
  parseSignatureLine,
  parseVkey,
  signCheckpoint,
  signingKey,
  signNote,
  verifyCheckpoint,
} from "./index.ts";

const checkpoint = { origin: ORIGIN, size: 8, root: Buffer.alloc(32, 3) };
const body = checkpointBody(checkpoint);
const text = signCheckpoint(checkpoint, [logKey]);
const junk = Buffer.alloc(68, 5).toString("base64");

describe("a note", () => {
  it("ignores lines of unknown keys, sixteen and more", () => {
    const lines = Array.from({ length: 40 }, (_, at) => `— witness.example/${at} ${junk}\n`).join("");
    const opened = openNote(text + lines, [logKey]);
    expect([opened.known.length, opened.unknown.length]).toEqual([1, 40]);
    // A post-quantum line is longer; its length is nobody's business but its key's.
    const long = `— pq.example/w ${Buffer.alloc(2428, 6).toString("base64")}\n`;
    expect(openNote(text + long, [logKey]).unknown).toHaveLength(1);
  });

  it("is rejected when a known key's line does not verify, whatever other lines say", () => {
    const broken = cosignNote(`${body}x`, witnessKey, 7);
    expect(() => openNote(text + broken, [logKey, witnessKey])).toThrow("does not verify");
    expect(openNote(text + broken, [logKey]).known).toHaveLength(1);
  });

  it("is rejected when no line is of a known key", () => {
    expect(() => openNote(text, [newerLogKey])).toThrow("no signature by a known key");
    expect(() => openNote(text, [])).toThrow("no signature by a known key");
  });

  it("takes the lines of two keys of the log", () => {
    const both = signCheckpoint(checkpoint, [logKey, newerLogKey]);
    expect(verifyCheckpoint(both, [logKey, newerLogKey]).signedBy).toEqual([logKey.vkey, newerLogKey.vkey]);
    expect(verifyCheckpoint(both, [newerLogKey]).signedBy).toEqual([newerLogKey.vkey]);
  });

  it("does not take a witness for the log, nor a log for a witness", () => {
    const onlyWitness = `${body}\n${cosignNote(body, witnessKey, 7)}`;
    expect(() => verifyCheckpoint(onlyWitness, [logKey, witnessKey])).toThrow("no key of the log");
    expect(() => signNote(body, witnessKey)).toThrow("witness key");
    expect(() => cosignNote(body, logKey, 7)).toThrow("log key");
  });

  it("binds the time of a cosignature", () => {
    const line = cosignNote(body, witnessKey, 7);
    const later = Buffer.from(line.split(" ")[2] ?? "", "base64");
    later[11] = 8;
    const altered = `— ${witnessKey.name} ${later.toString("base64")}\n`;
    expect(verifyCheckpoint(text + line, [logKey, witnessKey]).cosignedBy).toMatchObject([{ time: 7 }]);
    expect(() => verifyCheckpoint(text + altered, [logKey, witnessKey])).toThrow("does not verify");
  });

  it("takes the single line that a witness answers with, for this body only", () => {
    const line = parseSignatureLine(cosignNote(body, witnessKey, 7).trimEnd());
    expect(checkLine(witnessKey, line, body)).toBe(7);
    expect(() => checkLine(witnessKey, line, `${body}x`)).toThrow("does not verify");
    expect(() => checkLine(logKey, line, body)).toThrow("does not verify");
  });

  it.each([
    ["", "no text"],
    [body, "no signatures"],
    [`${body}\n`, "no signature line"],
    [text.slice(0, -1), "no last newline"],
    [`${text}\n`, "a blank line at the end"],
    [text.replace("— ", "- "), "a hyphen"],
    [text.replace("— ", "—"), "no space"],
    [text.replace("— ", "—  "), "two spaces"],
    [text.replace(/(.)\n$/, "$1 \n"), "a space at the end of a line"],
    [text.replaceAll("\n", "\r\n"), "CRLF"],
    [text.replace(/=\n$/, "\n"), "base64 without padding"],
    [text.replace(/.=\n$/, "9=\n"), "base64 with loose bits"],
    [`${text}— ${ORIGIN} AAAA\n`, "a line without a signature"],
    [`${text}— a+b ${junk}\n`, "a name with a plus"],
    [text + `— w.example ${junk}\n`.repeat(100), "more lines than any real note"],
    ["\ud800".concat(text), "a lone surrogate"],
    [`x— w.example ${junk}\n`, "no body"],
    [`\t${text}`, "a tab"],
    [text.replace("\n8", "\n8\u007f"), "a delete character"],
    [text.replace("\n8", "\n8\u0000"), "a zero character"],
    [text.replace("— ", "x— "), "something before the dash"],
    [`${text}— w.example AAAAAA==\n`, "a key id and no signature"],
    [`${text}— w.example ${junk}=\n`, "too much padding"],
    [`${"a".repeat(1_000_001 - text.length)}${text}`, "more than a megabyte"],
  ])("is refused with %#: %j (%s)", (altered) => {
    expect(altered).not.toBe(text);
    expect(() => parseNote(altered)).toThrow(LedgerError);
  });
});

describe("lines of one key", () => {
  it("count once, whether of the log or of a witness", () => {
    const [own = ""] = text.split("\n").slice(4);
    const twice = `${text}${own}\n${cosignNote(body, witnessKey, 7)}${cosignNote(body, witnessKey, 8)}`;
    const { signedBy, cosignedBy } = verifyCheckpoint(twice, [logKey, witnessKey]);
    expect(signedBy).toEqual([logKey.vkey]);
    expect(cosignedBy).toEqual([{ vkey: witnessKey.vkey, name: witnessKey.name, time: 7 }]);
    const other = signingKey("witness.example/w2", "cosignature", Buffer.alloc(32, 10));
    const both = `${text}${cosignNote(body, other, 9)}${cosignNote(body, witnessKey, 7)}`;
    expect(verifyCheckpoint(both, [logKey, witnessKey, other]).cosignedBy.map(({ time }) => time)).toEqual([9, 7]);
  });
});

describe("a note at its limits", () => {
  it("has a megabyte, a hundred lines, a body of blank lines, a signature of one byte", () => {
    expect(parseNote(`${"a".repeat(1_000_000 - text.length)}${text}`).body).toHaveLength(
      1_000_000 - text.length + body.length,
    );
    expect(parseNote(text + `— w.example ${junk}\n`.repeat(99)).signatures).toHaveLength(100);
    expect(parseNote(`\n\n— w.example ${junk}\n`)).toMatchObject({ body: "\n" });
    expect(parseNote(`a\n\nb\n\n— w.example ${junk}\n`).body).toBe("a\n\nb\n");
    expect(parseSignatureLine("— w.example AQIDBAU=")).toEqual({
      name: "w.example",
      keyId: "01020304",
      signature: Buffer.of(5),
      line: "— w.example AQIDBAU=",
    });
  });

  it("is checked by keys of that name and that id together", () => {
    const namesake = { ...logKey, keyId: "00000000" };
    const foreign = { ...logKey, name: "ledger.example/other" };
    expect(() => openNote(text, [namesake, foreign])).toThrow("no signature by a known key");
    const [line] = parseNote(text).signatures;
    expect(checkLine(logKey, line!, body)).toBeNull();
    expect(() => checkLine(namesake, line!, body)).toThrow("does not verify");
    expect(() => checkLine(foreign, line!, body)).toThrow("does not verify");
    const longer = { ...line!, signature: Buffer.concat([line!.signature, Buffer.of(0)]) };
    expect(() => checkLine(logKey, longer, body)).toThrow("does not verify");
  });

  it("is cosigned at a time that a number can hold", () => {
    const last = Number.MAX_SAFE_INTEGER;
    expect(checkLine(witnessKey, parseSignatureLine(cosignNote(body, witnessKey, last).trimEnd()), body)).toBe(last);
    expect(() => cosignNote(body, witnessKey, last + 1)).toThrow("is not a number");
    const line = parseSignatureLine(cosignNote(body, witnessKey, 7).trimEnd());
    const with_ = (signature: Buffer) => () => checkLine(witnessKey, { ...line, signature }, body);
    const beyond = Buffer.from(line.signature);
    beyond.writeBigUInt64BE(2n ** 53n);
    expect(with_(beyond)).toThrow("beyond 2^53-1");
    expect(with_(line.signature.subarray(0, 7))).toThrow("without a time");
    expect(with_(line.signature.subarray(0, 8))).toThrow("does not verify");
  });
});

describe("a checkpoint", () => {
  it.each([
    ["an extension line", body.replace(/\n$/, "\nmore\n")],
    ["two lines", `${ORIGIN}\n8\n`],
    ["a leading zero", body.replace("\n8\n", "\n08\n")],
    ["a sign", body.replace("\n8\n", "\n+8\n")],
    ["a size beyond 2^53-1", body.replace("\n8\n", "\n9007199254740992\n")],
    ["a short root", body.replace(/\n[^\n]+\n$/, "\nAAAA\n")],
    ["a root that is not base64", body.replace(/\n[^\n]+\n$/, `\n${"-".repeat(44)}\n`)],
    ["an origin with a space", body.replace(ORIGIN, "a b")],
    ["an empty origin", body.replace(ORIGIN, "")],
  ])("with %s is refused, signed or not", (_, altered) => {
    expect(altered).not.toBe(body);
    expect(() => parseCheckpoint(`${altered}\n${signNote(altered, logKey)}`)).toThrow(LedgerError);
  });

  it.each([
    ["an origin that cannot name a log", { origin: "a b" }],
    ["no such tree", { size: -1 }],
    ["no such tree", { size: 1.5 }],
    ["no such tree", { size: 2 ** 53 }],
    ["no such tree", { root: Buffer.alloc(31) }],
  ])("is not written with %s (%j)", (message, change) => {
    const good = { origin: "ledger.example/a", size: 0, root: Buffer.alloc(32) };
    expect(checkpointBody(good)).toBe(`ledger.example/a\n0\n${"A".repeat(43)}=\n`);
    expect(() => checkpointBody({ ...good, ...change })).toThrow(message);
  });

  it("is only signed by keys named as the origin", () => {
    const other = signingKey("ledger.example/other", "ed25519", Buffer.alloc(32, 7));
    expect(() => signCheckpoint(checkpoint, [other])).toThrow("origin as its name");
    expect(() => signCheckpoint(checkpoint, [])).toThrow("origin as its name");
    expect(() => signCheckpoint(checkpoint, [logKey, other])).toThrow("origin as its name");
    // A witness that bears the log's own name does not sign for it.
    const namesake = signingKey(ORIGIN, "cosignature", Buffer.alloc(32, 7));
    const cosigned = `${body}\n${cosignNote(body, namesake, 7)}`;
    expect(() => verifyCheckpoint(cosigned, [namesake])).toThrow("no key of the log");
    const stolen = `${body}\n${signNote(body, other)}`;
    expect(() => verifyCheckpoint(stolen, [other])).toThrow("no key of the log");
  });

  it("does not verify once a bit of it is flipped", () => {
    const bytes = Buffer.from(text);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => verifyCheckpoint(altered.toString("utf8"), [logKey])).toThrow(LedgerError);
    }
  });
});

describe("a vkey", () => {
  it("is read back as it was written", () => {
    for (const { name, type, publicKey, vkey } of [logKey, newerLogKey, witnessKey]) {
      expect(formatVkey(name, type, publicKey)).toBe(vkey);
      expect(parseVkey(vkey)).toMatchObject({ name, type, vkey });
    }
  });

  it.each([
    logKey.vkey.toUpperCase(),
    ` ${logKey.vkey}`,
    `${logKey.vkey}\n`,
    logKey.vkey.replace("ledger", "ledgen"),
    logKey.vkey.replace("+c9", "+c8"),
    logKey.vkey.replace("+A", "+B"),
    logKey.vkey.slice(0, -4),
    formatVkey(ORIGIN, "ed25519", logKey.publicKey).replace("+", "++"),
    "name+00000000+",
    `+${logKey.keyId}+${logKey.vkey.split("+")[2]}`,
    `${logKey.vkey}+x`,
    formatVkey("a.example", "cosignature", logKey.publicKey).replace(
      /[^+]+$/,
      Buffer.concat([Buffer.of(2), logKey.publicKey]).toString("base64"),
    ),
    formatVkey("a.example", "cosignature", logKey.publicKey).replace(
      /[^+]+$/,
      Buffer.concat([Buffer.of(4), logKey.publicKey, Buffer.of(0)]).toString("base64"),
    ),
    "",
  ])("is refused when it reads %j", (vkey) => {
    expect(() => parseVkey(vkey)).toThrow(LedgerError);
  });
});

describe("what is wrong with a vkey", () => {
  const [name = "", keyId = "", key = ""] = logKey.vkey.split("+");
  it.each([
    ["x", "a vkey that is not NAME+KEYID+KEY"],
    [`x+${logKey.vkey}`, "a vkey that is not NAME+KEYID+KEY"],
    [`a b+${keyId}+${key}`, "a vkey that is not NAME+KEYID+KEY"],
    [`${name}+${keyId}+=${key}`, "base64"],
    [`${name}+${keyId}+AwAA`, "a vkey of a type that is not known here"],
    [`${name}+00000000+${key}`, `a vkey whose key id is 00000000 where its key has ${keyId}`],
    [`${name}+${keyId}+AQAA`, "a public key of 2 bytes"],
  ])("is named: %s", (vkey, message) => {
    expect(() => parseVkey(vkey)).toThrow(message);
  });
});

describe("a key", () => {
  it.each(["a b", "a+b", "", "a\nb", "a\u0000", "a\u00a0b", "\ud800", "a\u2028"])("has no name like %j", (name) => {
    expect(() => formatVkey(name, "ed25519", logKey.publicKey)).toThrow("a key name");
  });

  it("is of 32 bytes, public or as a seed", () => {
    for (const length of [0, 31, 33]) {
      expect(() => formatVkey(ORIGIN, "ed25519", Buffer.alloc(length))).toThrow(`a public key of ${length} bytes`);
      expect(() => signingKey(ORIGIN, "ed25519", Buffer.alloc(length))).toThrow(`a seed of ${length} bytes`);
    }
  });

  it("is named by its kind too: one key has one id as a log's and another as a witness's", () => {
    const [log, witness] = (["ed25519", "cosignature"] as const).map((type) =>
      parseVkey(formatVkey("a.example", type, logKey.publicKey)),
    );
    expect([log!.type, witness!.type]).toEqual(["ed25519", "cosignature"]);
    expect(log!.keyId).not.toBe(witness!.keyId);
  });
});

describe("an origin", () => {
  it.each([
    ["ledger.example/test-org", true],
    ["bursar.local/default/a~b", true],
    ["https://ledger.example", false],
    ["a b", false],
    ["a+b", false],
    ["a\nb", false],
    ["", false],
    ["zoë.example", false],
    ["a".repeat(256), false],
    ["a".repeat(255), true],
    ["a\u007f", false],
    ["!~", true],
  ])("%j: %s", (text, allowed) => {
    expect(isOrigin(text)).toBe(allowed);
  });
});
