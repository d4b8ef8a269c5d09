import { describe, expect, it } from "vitest";

import { isFailure } from "../domain/index.ts";
import { readCsv } from "./csv.ts";

const cells = (text: string) => readCsv(text, "file").map((record) => record.cells);

describe("CSV", () => {
  it.each<[what: string, text: string, wanted: string[][]]>([
    [
      "plain cells",
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "no line end at the end",
      "a,b\n1,2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    ["Windows and old Mac line ends", "a\r\nb\rc", [["a"], ["b"], ["c"]]],
    ["a byte order mark", "\uFEFFa,b", [["a", "b"]]],
    ["quotes with commas, quotes and line ends", '"a, ""b""\nc",d', [['a, "b"\nc', "d"]]],
    [
      "semicolons where the header has them",
      "a;b\n1,5;2",
      [
        ["a", "b"],
        ["1,5", "2"],
      ],
    ],
    ["space around cells, kept inside quotes", ' a ," b "', [["a", " b "]]],
    [
      "empty lines left out, empty cells kept",
      "a,b\n\n,\n",
      [
        ["a", "b"],
        ["", ""],
      ],
    ],
    ["nothing", "", []],
  ])("reads %s", (_, text, wanted) => {
    expect(cells(text)).toEqual(wanted);
  });

  it("numbers records by the line they begin on", () => {
    expect(readCsv('a\n"x\ny"\nz', "file").map(({ line }) => line)).toEqual([1, 2, 4]);
  });

  it.each([
    ["a quote that is never closed", 'a\n"b', "file, line 2"],
    ["text behind a closing quote", 'a\n"b"c', "file, line 2"],
  ])("refuses %s and names the line", (_, text, field) => {
    expect(() => cells(text)).toThrow(field);
  });

  it("refuses in words that a person can act on", () => {
    let thrown: unknown;
    try {
      cells('"');
    } catch (error) {
      thrown = error;
    }
    expect(isFailure(thrown, "input.invalid")).toBe(true);
  });
});
