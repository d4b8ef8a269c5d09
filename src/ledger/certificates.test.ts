import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { stampersOf } from "../../test/support/handmade-time-stamp.ts";
import { opensslMissing } from "../../test/support/time-stamp-authority.ts";
import { assertWhole, certificateOf, leadsToRoot, parseCertificates, tidyCertificates } from "./certificates.ts";
import { LedgerError } from "./error.ts";

const missing = opensslMissing();
if (missing !== null) console.warn(`certificates: skipped, ${missing}`);

describe.skipIf(missing !== null)("certificates", () => {
  let dir = "";
  const pem = (name: string) => readFileSync(join(dir, `${name}.pem`), "utf8");
  const one = (name: string) => new X509Certificate(pem(name));

  beforeAll(async () => {
    dir = await stampersOf("one");
  });

  describe("in a file", () => {
    it("are read back as they stand, one or several", () => {
      const text = pem("root") + pem("issuer");
      expect(parseCertificates(text).map(String).join("")).toBe(text);
      expect(parseCertificates(pem("tsa"))).toHaveLength(1);
    });

    it.each<[string, (text: string) => string, string]>([
      ["nothing", () => "", "nothing else"],
      ["no certificate", () => "text\n", "nothing else"],
      ["text before them", (text) => `text\n${text}`, "nothing else"],
      ["text behind them", (text) => `${text}\n`, "nothing else"],
      ["text between them", (text) => `${text}\n${text}`, "nothing else"],
      ["CRLF", (text) => text.replaceAll("\n", "\r\n"), "nothing else"],
      ["longer lines", (text) => wrapped(text, 65), "another length than 64"],
      ["shorter lines", (text) => wrapped(text, 63), "another length than 64"],
      ["one line", (text) => wrapped(text, 100_000), "another length than 64"],
      ["a short line among them", (text) => text.replace(/\n(.{32})(.{32})\n/, "\n$1\n$2\n"), "another length than 64"],
      ["base64 with loose bits", (text) => text.replace(/.=\n-/, "9=\n-").replace(/.==\n-/, "9==\n-"), "canonical"],
      [
        "what is no certificate",
        () => wrapped(`${BEGIN}${Buffer.alloc(48).toString("base64")}\n${END}`, 64),
        "cannot be read",
      ],
    ])("are refused with %s", (_, change, message) => {
      const name = ["root", "issuer", "tsa", "below"].find((name) => /=\n-/.test(pem(name))) ?? "root";
      // Whether there is any padding to spoil is up to chance.
      if (message === "canonical" && !/=\n-/.test(pem(name))) return;
      expect(() => parseCertificates(change(pem(name)))).toThrow(message);
      expect(() => parseCertificates(change(pem(name)))).toThrow(LedgerError);
    });

    it("are tidied into the one spelling, with everything around them left out", () => {
      const messy = `subject=x\n${wrapped(pem("root"), 50).replaceAll("\n", "\r\n")}\nand ${pem("tsa").trimEnd()} end`;
      expect(tidyCertificates(messy)).toBe(pem("root") + pem("tsa"));
      expect(() => tidyCertificates("text")).toThrow("no certificate in PEM");
      expect(() => tidyCertificates(`${BEGIN}AAAA\n${END}`)).toThrow("cannot be read");
      expect(() => certificateOf("")).toThrow(LedgerError);
    });
  });

  it("are whole when the issuer of each is among them, by its key and not by its name alone", () => {
    const whole = (...names: string[]) => assertWhole(names.map(one));
    expect(() => whole()).not.toThrow();
    expect(() => whole("root")).not.toThrow();
    expect(() => whole("tsa", "issuer", "root")).not.toThrow();
    expect(() => whole("tsa", "issuer")).toThrow('without its issuer: "O=Test\\nCN=Test issuer"');
    expect(() => whole("root", "tsa")).toThrow("Test authority");
    expect(() => whole("issuer", "namesake")).toThrow("Test issuer");
  });

  describe("lead to a trusted root", () => {
    const leads = (name: string, trusted: string[], between: string[], atMs = now()) =>
      leadsToRoot(one(name), trusted.map(one), between.map(one), atMs);
    // All of them are valid from about now on.
    const now = () => one("tsa").validFromDate.getTime() + 3_600_000;

    it.each<[string, string[], string[], boolean]>([
      ["tsa", ["root"], ["issuer"], true],
      ["tsa", ["root", "issuer"], [], true],
      ["root", ["root"], [], true],
      ["issuer", ["root"], [], true],
      ["tsa", ["namesake", "root"], ["issuer", "namesake"], true],
      ["tsa", ["root"], [], false],
      ["tsa", [], ["issuer", "root"], false],
      ["tsa", ["issuer"], ["root"], false],
      ["tsa", ["tsa"], ["issuer", "root"], false],
      ["tsa", ["namesake"], ["issuer", "root"], false],
      ["issuer", ["namesake"], [], false],
      // One that may not issue has issued it.
      ["below", ["root"], ["tsa", "issuer"], false],
      ["long6", ["root"], ["long5", "long4", "long3", "long2", "long1", "issuer"], true],
      ["long7", ["root"], ["long6", "long5", "long4", "long3", "long2", "long1", "issuer"], false],
    ])("%s with %j trusted and %j between: %s", (name, trusted, between, expected) => {
      expect(leads(name, trusted, between)).toBe(expected);
    });

    it("only while each on the way is valid", () => {
      const { validFromDate, validToDate } = one("tsa");
      const starts = Math.max(...["root", "issuer", "tsa"].map((name) => one(name).validFromDate.getTime()));
      const ends = Math.min(...["root", "issuer", "tsa"].map((name) => one(name).validToDate.getTime()));
      expect(validFromDate.getTime()).toBeLessThanOrEqual(validToDate.getTime());
      const at = (atMs: number) => leads("tsa", ["root"], ["issuer"], atMs);
      expect([at(starts - 1), at(starts), at(ends), at(ends + 1)]).toEqual([false, true, true, false]);
    });
  });
});

const BEGIN = "-----BEGIN CERTIFICATE-----\n";
const END = "-----END CERTIFICATE-----\n";

function wrapped(text: string, length: number): string {
  const body = text.replace(BEGIN, "").replace(END, "").replaceAll("\n", "");
  return `${BEGIN}${body.replaceAll(new RegExp(`.{1,${length}}`, "g"), "$&\n")}${END}`;
}
