import { describe, expect, it } from "vitest";
import { z } from "zod";

import { catalog } from "./index.ts";

describe.each(Object.entries(catalog))("operation %s", (id, load) => {
  it("says what it is, under its own id", async () => {
    const operation = await load();
    expect(operation.id).toBe(id);
    expect(operation.title).toMatch(/^[A-Z][A-Za-z' -]+$/);
    expect(operation.summary).toMatch(/^[A-Z].*\.$/);
  });

  it("says which trace it leaves, or why none", async () => {
    const { audit, effect, permission } = await load();
    if (typeof audit === "string") {
      expect(audit).toMatch(/^none: .{10,}/);
      return;
    }
    expect(["read", "write"]).toContain(effect);
    expect(permission).not.toBe("read");
  });

  it("has an input that other surfaces can describe", async () => {
    const { input } = await load();
    expect(z.toJSONSchema(input, { io: "input" })).toMatchObject({ type: "object" });
  });

  it("takes a past day and can say what of its answer is today's, if it looks back", async () => {
    const { input, output, past } = await load();
    if (past === undefined) return;
    expect(z.toJSONSchema(input, { io: "input" })).toHaveProperty("properties.asOf.type", "string");
    expect(z.toJSONSchema(output)).toHaveProperty("properties.warnings.type", "array");
  });

  it("refuses an input of another type", async () => {
    const { input } = await load();
    expect(input.safeParse("text").success).toBe(false);
    expect(input.safeParse(null).success).toBe(false);
  });
});
