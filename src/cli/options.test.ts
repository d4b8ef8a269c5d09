import { describe, expect, it } from "vitest";

import { flagName, Options } from "./options.ts";

const options = new Options({
  day: "2026-02-28",
  noDay: "2026-02-30",
  count: "12",
  huge: "1e9",
  many: ["a", "b"],
  empty: "",
  json: true,
});

describe("options", () => {
  it("are read by kind", () => {
    expect(options.day("day")).toBe("2026-02-28");
    expect(options.whole("count", 0, 12)).toBe(12);
    expect(options.list("many")).toEqual(["a", "b"]);
    expect(options.flag("json")).toBe(true);
    expect(options.text("absent")).toBeUndefined();
  });

  it.each([
    ["a day that does not exist", () => options.day("noDay"), "--no-day: 2026-02-30"],
    ["a number out of range", () => options.whole("count", 0, 11), "--count: is not such a number"],
    ["a number in another spelling", () => options.whole("huge", 0, 2e9), "--huge"],
    ["an empty text", () => options.text("empty"), "--empty: needs a value"],
    ["a choice that is none", () => options.choice("day", ["csv", "jsonl"]), "--day: 2026-02-28 is unknown"],
  ])("name themselves with %s", (_, read, message) => {
    expect(read).toThrow(message);
  });

  it("are named as they are typed", () => {
    expect(flagName("databaseUrl")).toBe("--database-url");
  });
});
