import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";

import { outboundHere, startService, type Answered, type Asked, type Service } from "../../test/support/outside.ts";
import { logKey, ORIGIN, witnessKey } from "../../test/support/sample-ledger.ts";
import { isFailure, type FailureCode } from "../domain/index.ts";
import { cosignNote, parseCheckpoint, signCheckpoint, signingKey } from "../ledger/index.ts";
import type { Frozen, History } from "./way.ts";
import { witness } from "./witness.ts";

const SIZE = 20;
const note = signCheckpoint({ origin: ORIGIN, size: SIZE, root: Buffer.alloc(32, 3) }, [logKey]);
const frozen: Frozen = { origin: ORIGIN, size: SIZE, note, digest: Buffer.alloc(32) };
const { body } = parseCheckpoint(note);
const line = cosignNote(body, witnessKey, 1_767_323_045);
const stranger = signingKey("stranger.example", "cosignature", Buffer.alloc(32, 4));

const outbound = outboundHere(400);
let service: Service;
beforeEach(async () => {
  service = await startService(() => ({ status: 500 }));
});
afterEach(() => service.close());
afterAll(() => outbound.close());

const history = (seen: number, signed = SIZE): History => ({
  seen,
  signedSize: async () => signed,
  consistency: async (from) => (from === 0 || from === SIZE ? [] : [Buffer.alloc(32, from)]),
});
const hand = (seen = 5, signed = SIZE) =>
  witness(outbound, { url: new URL("/w/", service.url), key: witnessKey }).hand(frozen, history(seen, signed));

async function codeOf(work: Promise<unknown>): Promise<FailureCode | "nothing"> {
  try {
    await work;
    return "nothing";
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return thrown.code;
  }
}

const stands = (size: number | string): Answered => ({
  status: 409,
  headers: { "content-type": "text/x.tlog.size" },
  body: `${size}\n`,
});
const oldOf = ({ body: text }: Asked) => /^old (\d+)\n/.exec(text.toString())?.[1];

describe("200 with signature lines", () => {
  it("gives the line of the configured key, and was asked as the protocol has it", async () => {
    service.answer = () => ({ body: cosignNote(body, stranger, 7) + line });
    expect(await hand()).toEqual({
      state: "cosigned",
      proof: Buffer.from(line),
      facts: { by: "witness.example/w1", at: "2026-01-02T03:04:05.000Z" },
    });
    const [asked] = service.asked;
    expect([asked?.method, asked?.path]).toEqual(["POST", "/w/add-checkpoint"]);
    expect(asked?.body.toString()).toBe(`old 5\n${Buffer.alloc(32, 5).toString("base64")}\n\n${note}`);
  });

  it("sends no hashes from nothing", async () => {
    service.answer = () => ({ body: line });
    await hand(0);
    expect(service.asked[0]?.body.toString()).toBe(`old 0\n\n${note}`);
  });

  it.each<[string, string]>([
    ["of another checkpoint", cosignNote(body.replace(`\n${SIZE}\n`, "\n21\n"), witnessKey, 7)],
    ["of a stranger alone", cosignNote(body, stranger, 7)],
    ["broken", line.replace(/.{6}\n$/, "AAAA==\n")],
    ["none", ""],
    ["no text of lines", "<html>It works!</html>"],
    ["without a newline", line.trimEnd()],
    ["good, and a broken one of the same key behind it", line + line.replace(/.{6}\n$/, "AAAA==\n")],
  ])("keeps nothing when the line is %s", async (_, text) => {
    service.answer = () => ({ body: text });
    expect(await codeOf(hand())).toBe("anchor.unusable");
  });
});

// F85: whatever a witness does, nothing that it did not sign is kept, and a fork is an alarm.
describe("409 with a size", () => {
  it("that is smaller, or larger but ours, is answered from that size, once", async () => {
    for (const [seen, known] of [
      [5, 3],
      [5, 0],
      [5, 12],
      [0, SIZE],
    ] as const) {
      service.asked.length = 0;
      service.answer = (asked) => (oldOf(asked) === String(known) ? { body: line } : stands(known));
      expect((await hand(seen)).state).toBe("cosigned");
      expect(service.asked.map(oldOf)).toEqual([String(seen), String(known)]);
    }
  });

  it("again is not answered a third time", async () => {
    service.answer = (asked) => stands(Number(oldOf(asked)) - 1);
    expect(await codeOf(hand())).toBe("anchor.unreachable");
    expect(service.asked).toHaveLength(2);
  });

  it("larger than what we have signed is a fork or a rollback: an alarm", async () => {
    service.answer = () => stands(SIZE + 1);
    expect(await codeOf(hand())).toBe("ledger.forked");
    expect(service.asked).toHaveLength(1);
  });

  it("larger than this checkpoint, but signed by us meanwhile, is none", async () => {
    service.answer = () => stands(SIZE + 1);
    expect(await codeOf(hand(5, SIZE + 5))).toBe("anchor.unreachable");
  });

  it("equal to ours although we began there says that its tree is another: an alarm", async () => {
    service.answer = () => stands(SIZE);
    expect(await codeOf(hand(SIZE))).toBe("ledger.forked");
    expect(await codeOf(hand(5))).toBe("ledger.forked");
  });

  it.each([
    ["no number", { ...stands("many") }],
    ["another type", { ...stands(3), headers: { "content-type": "text/plain" } }],
    ["a number beyond all trees", stands("9".repeat(30))],
  ])("with %s is tried again later", async (_, answer) => {
    service.answer = () => answer;
    expect(await codeOf(hand())).toBe("anchor.unreachable");
    expect(service.asked).toHaveLength(1);
  });
});

describe("other answers", () => {
  it.each<[string, FailureCode, Service["answer"]]>([
    ["422 is an alarm", "ledger.forked", () => ({ status: 422 })],
    ["403 is a mistake in the configuration", "anchor.misconfigured", () => ({ status: 403 })],
    ["404 is a mistake in the configuration", "anchor.misconfigured", () => ({ status: 404 })],
    ["500 is tried again", "anchor.unreachable", () => ({ status: 500 })],
    ["400 is tried again", "anchor.unreachable", () => ({ status: 400 })],
    ["204 is tried again", "anchor.unreachable", () => ({ status: 204 })],
    ["a redirect is not followed", "anchor.unreachable", () => ({ status: 307, headers: { location: "/elsewhere" } })],
    ["no answer is tried again", "anchor.unreachable", () => "hang"],
    ["half an answer is tried again", "anchor.unreachable", () => "cut"],
    ["an endless answer is tried again", "anchor.unreachable", () => ({ body: line.repeat(1_000) })],
    ["a packed answer is tried again", "anchor.unreachable", () => ({ headers: { "content-encoding": "gzip" } })],
  ])("%s", async (_, code, answer) => {
    service.answer = answer;
    expect(await codeOf(hand())).toBe(code);
    expect(service.asked).toHaveLength(1);
  });

  it("says which of key and origin it is that the witness does not know", async () => {
    service.answer = () => ({ status: 403 });
    await expect(hand()).rejects.toThrow("does not know the key");
    service.answer = () => ({ status: 404 });
    await expect(hand()).rejects.toThrow(ORIGIN);
  });

  it("nobody listening is tried again", async () => {
    await service.close();
    expect(await codeOf(hand())).toBe("anchor.unreachable");
    service = await startService(() => ({}));
  });
});
