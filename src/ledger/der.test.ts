import { describe, expect, it } from "vitest";
import { childrenOf, expectDer, oidOf, readDer, smallIntegerOf, TAG } from "./der.ts";
import { LedgerError } from "./error.ts";

const read = (hex: string) => readDer(Buffer.from(hex, "hex"));

describe("a DER element", () => {
  it.each([
    ["0500", 0x05, 2, 0],
    [`307f${"00".repeat(127)}`, 0x30, 2, 127],
    [`308180${"00".repeat(128)}`, 0x30, 3, 128],
    [`3081ff${"00".repeat(255)}`, 0x30, 3, 255],
    [`30820100${"00".repeat(256)}`, 0x30, 4, 256],
    [`3083010000${"00".repeat(65_536)}`, 0x30, 5, 65_536],
    [`308401000000${"00".repeat(2 ** 24)}`, 0x30, 6, 2 ** 24],
  ])("is read with its length in the shortest form (%#)", (hex, tag, head, length) => {
    const element = read(hex);
    expect([element.tag, element.body.length, element.whole.length]).toEqual([tag, length, head + length]);
  });

  it("is read from the middle of a buffer", () => {
    const bytes = Buffer.from("ffff040161ffff", "hex");
    expect(readDer(bytes.subarray(2, 5)).body.toString()).toBe("a");
  });

  it.each([
    ["nothing", "", "not one DER element"],
    ["two elements", "05000500", "not one DER element"],
    ["a tag of several bytes", "1f0100", "tag of several bytes"],
    ["a constructed tag of several bytes", "3f0100", "tag of several bytes"],
    ["no length", "30", "ends in the middle"],
    ["an indefinite length", "30800000", "not definite"],
    ["a length of five bytes", "30850000000000", "not definite"],
    ["a length that is cut", "308201", "ends in the middle"],
    ["a length without any of its bytes", "3081", "ends in the middle"],
    ["127 in the long form", `30817f${"00".repeat(127)}`, "not the shortest"],
    ["a zero in front of 128", `30820080${"00".repeat(128)}`, "not the shortest"],
    ["a zero in front of 255", `308200ff${"00".repeat(255)}`, "not the shortest"],
    ["a body that is cut by one byte", "04026f", "ends in the middle"],
    ["something behind it", "04016100", "ends in the middle"],
  ])("is refused with %s", (_, hex, message) => {
    expect(() => read(hex)).toThrow(message);
    expect(() => read(hex)).toThrow(LedgerError);
  });

  it("gives what is in it, when it is of a kind that holds others", () => {
    const children = childrenOf(read("3006020105040161"));
    expect(children.map(({ whole }) => whole.toString("hex"))).toEqual(["020105", "040161"]);
    expect(childrenOf(read("a003020105"))).toHaveLength(1);
    expect(childrenOf(read("3000"))).toEqual([]);
    expect(() => childrenOf(read("0403020105"))).toThrow("holds no others");
  });

  it("is expected by its tag", () => {
    expect(expectDer(read("0500"), 0x05, "null").tag).toBe(5);
    expect(() => expectDer(read("0500"), TAG.integer, "the version")).toThrow("the version is not where it belongs");
    expect(() => expectDer(undefined, TAG.integer, "the version")).toThrow("the version is not where it belongs");
  });
});

describe("an object identifier", () => {
  it.each([
    ["060100", "0.0"],
    ["060127", "0.39"],
    ["060128", "1.0"],
    ["06014f", "1.39"],
    ["060150", "2.0"],
    ["06032a8000", "1.2.0"],
    ["06028837", "2.999"],
    ["0603550403", "2.5.4.3"],
    ["06092a864886f70d010702", "1.2.840.113549.1.7.2"],
    ["06072a8fffffff7f01", "1.2.4294967295.1"],
  ])("%s is %s", (hex, oid) => {
    expect(oidOf(read(hex))).toBe(oid);
  });

  it.each([
    ["0600", "is cut"],
    ["06022a86", "is cut"],
    ["06022a80", "is cut"],
    ["020101", "an object identifier is not where it belongs"],
  ])("is refused when it reads %s", (hex, message) => {
    expect(() => oidOf(read(hex))).toThrow(message);
  });
});

describe("a small number", () => {
  it.each([
    ["020100", 0],
    ["02017f", 127],
    ["02020080", 128],
    ["02047fffffff", 0x7fff_ffff],
  ])("%s is %i", (hex, value) => {
    expect(smallIntegerOf(read(hex), "it")).toBe(value);
  });

  it.each(["0200", "020180", "02050100000000", "040101"])("is not %s", (hex) => {
    expect(() => smallIntegerOf(read(hex), "it")).toThrow(/^it is /);
  });
});
