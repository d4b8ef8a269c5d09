import { createHash, randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import {
  openTimestampsMissing,
  readByLibrary,
  startCalendar,
  type Calendar,
} from "../../test/support/open-timestamps.ts";
import { outboundHere, startService, type Service } from "../../test/support/outside.ts";
import { isFailure, type Random } from "../domain/index.ts";
import { attestationsOf, formatOts, parseOts, type OtsStamp } from "../ledger/index.ts";
import { openTimestamps } from "./open-timestamps.ts";
import type { Frozen, Handed } from "./way.ts";

const missing = openTimestampsMissing();
if (missing !== null) console.warn(`calendars: skipped, ${missing}`);

const note = "ledger.example/test-org\n1\nAAAA\n";
const digest = createHash("sha256").update(note).digest();
const frozen: Frozen = { origin: "ledger.example/test-org", size: 1, note, digest };
const random: Random = { bytes: (count) => randomBytes(count), fraction: () => 0.5 };
const [outbound, impatient] = [outboundHere(), outboundHere(400)];
afterAll(() => Promise.all([outbound.close(), impatient.close()]));

const way = (calendars: URL[], headers: URL | null = null, out = outbound) =>
  openTimestamps(out, random, { calendars, headers });
const hand = (...args: Parameters<typeof way>) => way(...args).hand(frozen, undefined as never);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing",
    (thrown: unknown) => (isFailure(thrown) ? thrown.code : String(thrown)),
  );

describe.skipIf(missing !== null)("a calendar of Python's library", () => {
  let calendar: Calendar;
  beforeAll(async () => {
    calendar = await startCalendar();
  });
  afterAll(() => calendar.close());
  const url = () => new URL(calendar.url);

  it("takes a checkpoint as pending, then leads to a Bitcoin block whose header is checked", async () => {
    const handed = await hand([url()], url());
    expect(handed).toMatchObject({ state: "pending", facts: { at: [calendar.url] } });
    expect(await readByLibrary(handed.proof!, note)).toEqual([`pending ${calendar.url}`]);
    // The calendar is told nothing of the checkpoint: it hashes it with a nonce.
    expect(parseOts(handed.proof!).steps[0]?.operation.name).toBe("append");

    const post = way([url()], url());
    expect(await post.goOn!(handed.proof!)).toBeNull();
    const height = await calendar.mine();
    const confirmed = await post.goOn!(handed.proof!);
    expect(confirmed).toMatchObject({ state: "confirmed", facts: { height, headerChecked: true } });
    expect(post.isOpen!("confirmed", confirmed!.facts)).toBe(false);
    expect(await readByLibrary(confirmed!.proof!, note, await calendar.header(height))).toEqual([
      `bitcoin ${height} at 1700000000`,
      `pending ${calendar.url}`,
    ]);
  });

  it("is confirmed without a header where nobody is there to show one, and checked once somebody is", async () => {
    const handed = await hand([url()]);
    await calendar.mine();
    const silent = await startService(() => ({ status: 500 }));
    for (const headers of [null, silent.url]) {
      const confirmed = await way([url()], headers).goOn!(handed.proof!);
      expect(confirmed).toMatchObject({ state: "confirmed", facts: { headerChecked: false, blockAt: null } });
      expect(way([url()], headers).isOpen!("confirmed", confirmed!.facts)).toBe(headers !== null);
      expect(await way([url()], headers).goOn!(confirmed!.proof!)).toBeNull();
      const checked = await way([url()], url()).goOn!(confirmed!.proof!);
      expect(checked).toMatchObject({ proof: confirmed!.proof, facts: { headerChecked: true } });
    }
    await silent.close();
  });

  it("merges with another, and stays pending as long as both do", async () => {
    const other = await startCalendar();
    const calendars = [url(), new URL(other.url)];
    const handed = await hand(calendars);
    expect(await readByLibrary(handed.proof!, note)).toEqual(
      [calendar.url, other.url].toSorted().map((one) => `pending ${one}`),
    );
    await other.mine();
    const confirmed = await way(calendars).goOn!(handed.proof!);
    expect(confirmed?.state).toBe("confirmed");
    expect((await readByLibrary(confirmed!.proof!, note)).filter((line) => line.startsWith("bitcoin"))).toHaveLength(1);
    await other.close();
    // One that is gone holds nothing up.
    expect((await hand([new URL(other.url), url()])).state).toBe("pending");
  });

  it("is refused when the explorer's header is of another block, lacks its work or has another root", async () => {
    const handed = await hand([url()]);
    const height = await calendar.mine();
    const header = Buffer.from(await calendar.header(height), "hex");
    const idOf = (bytes: Buffer) =>
      Buffer.from(
        createHash("sha256").update(createHash("sha256").update(bytes).digest()).digest().toReversed(),
      ).toString("hex");
    const explorer = await startService(() => ({}));
    const serve = (bytes: Buffer, id = idOf(bytes)) => {
      explorer.answer = ({ path }) => ({ body: path.endsWith("/header") ? bytes.toString("hex") : id });
    };
    const other = Buffer.from(header);
    // Another Merkle root; a few nonces until the hash has the work of a test block.
    other[40]! ^= 1;
    do other.writeUInt32LE(other.readUInt32LE(76) + 1, 76);
    while (Number.parseInt(idOf(other).slice(0, 1), 16) > 7);
    const heavy = Buffer.from(header);
    heavy.writeUInt32LE(0x1d00ffff, 72);
    for (const [bytes, id] of [
      [other, undefined],
      [heavy, undefined],
      [header, "00".repeat(32)],
    ] as const) {
      serve(bytes, id);
      expect(await codeOf(way([url()], explorer.url).goOn!(handed.proof!))).toBe("anchor.unusable");
    }
    serve(header);
    expect((await way([url()], explorer.url).goOn!(handed.proof!))?.facts["headerChecked"]).toBe(true);
    expect(explorer.asked.at(-2)?.path).toBe(`/block-height/${height}`);
    // Bitcoin Core's own interface, by its address.
    await way([url()], new URL("/rest/", explorer.url)).goOn!(handed.proof!).catch(() => {});
    expect(explorer.asked.at(-2)?.path).toBe(`/rest/blockhashbyheight/${height}.hex`);
    await explorer.close();
  });
});

// F83: whatever a calendar does, a checkpoint is pending or waits: never anchored.
describe("a calendar that misbehaves", () => {
  let service: Service;
  beforeEach(async () => {
    service = await startService(() => ({ status: 500 }));
  });
  afterEach(() => service.close());
  const pendingAt = (uri: string) =>
    Buffer.concat([
      Buffer.from("0083dfe30d2ef90c8e", "hex"),
      Buffer.from([uri.length + 1, uri.length]),
      Buffer.from(uri),
    ]);
  const honest = () => ({ body: pendingAt(service.url.origin) });

  it.each<[string, string, Service["answer"]]>([
    ["500", "anchor.unreachable", () => ({ status: 500 })],
    ["404", "anchor.unreachable", () => ({ status: 404 })],
    ["a redirect", "anchor.unreachable", () => ({ status: 301, headers: { location: "http://127.0.0.1:9/" } })],
    ["silence", "anchor.unreachable", () => "hang"],
    ["half an answer", "anchor.unreachable", () => "cut"],
    ["a huge body", "anchor.unreachable", () => ({ body: Buffer.alloc(20_000) })],
    ["garbage", "anchor.unusable", () => ({ body: "<html>" })],
    ["nothing", "anchor.unusable", () => ({})],
    ["a proof that is cut", "anchor.unusable", () => ({ body: pendingAt("https://a").subarray(0, -2) })],
    ["another calendar", "anchor.unusable", () => ({ body: pendingAt("http://169.254.169.254/latest") })],
    [
      "a block that it made up",
      "anchor.unusable",
      () => ({ body: Buffer.from("f0016100 0588960d73d71901 0107".replaceAll(" ", ""), "hex") }),
    ],
  ])("with %s is handed nothing", async (_, code, answer) => {
    service.answer = answer;
    expect(await codeOf(hand([service.url], null, impatient))).toBe(code);
  });

  it.each<[string, string, Service["answer"]]>([
    ["500", "anchor.unreachable", () => ({ status: 500 })],
    ["silence", "anchor.unreachable", () => "hang"],
    ["half an answer", "anchor.unreachable", () => "cut"],
    ["garbage", "anchor.unusable", () => ({ body: "<html>" })],
    ["a proof that is cut", "anchor.unusable", () => ({ body: Buffer.from("000588960d73d719010", "hex") })],
    [
      "a block for a longer message",
      "anchor.unusable",
      () => ({ body: Buffer.from("f00161000588960d73d719010107", "hex") }),
    ],
  ])("with %s leaves what is pending as it is", async (_, code, answer) => {
    service.answer = honest;
    const { proof } = (await hand([service.url])) as Handed & { proof: Buffer };
    service.answer = answer;
    expect(await codeOf(way([service.url], null, impatient).goOn!(proof))).toBe(code);
    service.answer = () => ({ status: 404 });
    expect(await way([service.url]).goOn!(proof)).toBeNull();
  });

  it("is asked for the very message that it holds, and for nothing that it names itself", async () => {
    service.answer = honest;
    const { proof } = (await hand([service.url])) as Handed & { proof: Buffer };
    const [{ message } = { message: Buffer.alloc(0) }] = [...attestationsOf(parseOts(proof))];
    service.answer = () => ({ status: 404 });
    await way([service.url]).goOn!(proof);
    expect(service.asked.at(-1)?.path).toBe(`/timestamp/${message.toString("hex")}`);
    const elsewhere: OtsStamp = {
      message: digest,
      attestations: [{ kind: "pending", uri: "http://127.0.0.1:9" }],
      steps: [],
    };
    expect(await codeOf(way([service.url]).goOn!(formatOts(elsewhere)))).toBe("anchor.misconfigured");
  });
});
