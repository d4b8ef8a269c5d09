import { randomBytes } from "node:crypto";

import { describe, expect, it } from "vitest";

import type { Json } from "../domain/index.ts";
import type { SourceClient } from "../source/index.ts";
import { listIdentifiers, suppressingClient, Suppressor } from "./suppressor.ts";

const KEY = Buffer.alloc(32, 1);
const ADA = ["ada.king@example.com", "user_01AdaKing", "Ada King"];
const identifiers = listIdentifiers(KEY, ADA, {
  subject: "p_00000000abcd",
  erasedMs: 0,
  random: { bytes: randomBytes },
});
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
  const page = await suppressingClient(asked, suppressor).get({ path: "", query: [] });
  expect(page.body["last_id"]).toBe("user_01AdaKing");
  expect(JSON.stringify([page.body["data"], page.facts])).not.toContain("AdaKing");
});
