import { randomBytes } from "node:crypto";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Json } from "../domain/index.ts";
import type { SourceClient } from "../source/index.ts";
import { listIdentifiers, suppressingClient, Suppressor, unionOf } from "./suppressor.ts";

const KEY = Buffer.alloc(32, 1);
const ADA = ["ada.king@example.com", "user_01AdaKing", "Ada King"];
const OPTIONS = { subject: "p_00000000abcd", erasedMs: 0, random: { bytes: randomBytes } };
const identifiers = listIdentifiers(KEY, ADA, OPTIONS);
const suppressor = new Suppressor(KEY, identifiers);
const EMAIL = /erased-[0-9a-f]{16}@erased\.invalid/;

describe("a suppressor", () => {
  it.each([
    ["ada.king@example.com", /^erased-[0-9a-f]{16}@erased\.invalid$/],
    ["key:ada.king@example.com", /^key:erased-[0-9a-f]{16}@erased\.invalid$/],
    ["mail to ada.king@example.com.", /^mail to erased-[0-9a-f]{16}@erased\.invalid\.$/],
    ["'ada.king@example.com'", /^'erased-[0-9a-f]{16}@erased\.invalid'$/],
    ["person=ada.king%40example.com&x=1", /^person=erased-[0-9a-f]{16}%40erased\.invalid&x=1$/],
    ["user:user_01AdaKing", /^user:user_erased[0-9a-f]{16}$/],
    ["Ada King", /^Erased person abcd$/],
    ["King, Ada", /^Erased person abcd$/],
    ["laptop of ADA-KING (old)", /^laptop of Erased person abcd \(old\)$/],
  ])("swaps %j", (text, swapped) => {
    expect(suppressor.text(text)).toMatch(swapped);
  });

  it.each([
    "",
    "mada.king@example.com",
    "ada.king@example.com.au",
    "user_01AdaKingston",
    "Ada Kingston",
    "Nada King",
    "ada.king@elsewhere.com",
  ])("leaves %j, which is somebody else's", (text) => {
    expect(suppressor.text(text)).toBe(text);
  });

  it("keeps two spellings of an address apart, and always gives each the same pseudonym", () => {
    const [plain, shouted] = ["ada.king@example.com", "Ada.King@example.com"].map((one) => suppressor.text(one));
    expect(shouted).toMatch(/^erased-[0-9a-f]{16}-[0-9a-f]{8}@erased\.invalid$/);
    expect(shouted).not.toBe(plain);
    expect(new Suppressor(KEY, identifiers).text("Ada.King@example.com")).toBe(shouted);
  });

  it("swaps any name beside an identifier, and none beside another's", () => {
    const told = (email: string): Json => ({ users: [{ email, name: "Countess" }] });
    expect(suppressor.json(told("ada.king@example.com"))).toEqual({
      users: [{ email: expect.stringMatching(EMAIL), name: "Erased person abcd" }],
    });
    const other = told("grace@example.com");
    expect(suppressor.json(other)).toBe(other);
  });

  it("says the same of a text when it has forgotten that it was asked", () => {
    const alone = new Suppressor(KEY, listIdentifiers(KEY, ["ada.king@example.com"], OPTIONS));
    const before = alone.text("ada.king@example.com");
    for (let at = 0; at < 100_001; at += 1) alone.text(`${at}`);
    expect(alone.text("ada.king@example.com")).toBe(before);
  });

  it("lets no text through its quick look that names who is sought", () => {
    const texts = [...ADA, "Zoë Łuk", "zoë@x.io", "O’Hara-Smith"];
    const seeking = new Suppressor(KEY, listIdentifiers(KEY, texts, OPTIONS), texts);
    const changes = [
      (text: string) => text,
      (text: string) => text.toUpperCase(),
      (text: string) => text.normalize("NFD"),
      (text: string) => text.replace("@", "%40"),
      (text: string) => text.split(" ").toReversed().join(", "),
      (text: string) => text.replaceAll(" ", "-"),
    ];
    const spelled = fc
      .tuple(fc.constantFrom(...texts), fc.constantFrom(...changes), fc.constantFrom("", "x ", "(", "key:", '"\\'))
      .map(([text, change, before]) => ({ [before]: [`${before}${change(text)}.`], [change(text)]: 1 }));
    let named = 0;
    fc.assert(
      fc.property(spelled, (value) => {
        if (seeking.json(value) === value) return;
        named++;
        expect(seeking.mayName(JSON.stringify(value))).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(named).toBeGreaterThan(200);
    expect(seeking.mayName('{"email":"grace@example.com","name":"Grace H"}')).toBe(false);
  });

  it("knows nobody under another key", () => {
    expect(new Suppressor(Buffer.alloc(32, 2), identifiers).text("ada.king@example.com")).toBe("ada.king@example.com");
  });
});

it("takes the erased out of answers of upstream, and leaves what the next page is asked for with", async () => {
  const body = { data: [{ id: "user_01AdaKing" }], last_id: "user_01AdaKing", has_more: true };
  const facts = { path: "/v1/organizations/users", query: "after_id=user_01AdaKing" };
  const asked: SourceClient = {
    fingerprint: "00000000",
    load: () => ({ waiting: 0, inFlight: 0, pausedUntil: null }),
    // Only these members are looked at.
    get: async () => ({ body, facts, notes: [] }) as unknown as Awaited<ReturnType<SourceClient["get"]>>,
  };
  const client = suppressingClient(asked, suppressor);
  expect(client.load()).toEqual(asked.load());
  const page = await client.get({ path: "", query: [] });
  expect(page.body["last_id"]).toBe("user_01AdaKing");
  expect(JSON.stringify([page.body["data"], page.facts])).not.toContain("AdaKing");
});

describe("the list of who was erased", () => {
  it("holds each spelling once, a name also with the family name first, and a name without a letter", () => {
    const listed = listIdentifiers(KEY, ["Ada King", "King Ada", "ADA KING", "—"], OPTIONS);
    expect(listed.map(({ kind, words }) => [kind, words])).toEqual([
      ["name", 2],
      ["name", 2],
      ["name", 0],
    ]);
  });

  it("is the same in whatever order two lists are put together; what the second says counts", () => {
    const [one, other] = [listIdentifiers(KEY, ["a@example.com", "b@example.com"], OPTIONS), identifiers];
    expect(unionOf(one, other)).toEqual(unionOf(other, one.toReversed()));
    const again = one.map((entry) => ({ ...entry, erasedMs: 5 }));
    expect(unionOf(one, again).map(({ erasedMs }) => erasedMs)).toEqual([5, 5]);
  });
});
