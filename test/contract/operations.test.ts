import { describe, expect, it } from "vitest";
import { z } from "zod";

import { PERMISSIONS } from "../../src/access/index.ts";
import { catalog, type Operation } from "../../src/operations/index.ts";

const operations: readonly (readonly [id: string, operation: Operation])[] = await Promise.all(
  Object.entries(catalog).map(async ([id, load]) => [id, (await load()) as unknown as Operation] as const),
);

/** Outputs that no JSON Schema tells: why. */
const OPAQUE: Readonly<Record<string, string>> = {
  exportRows: "rows are a stream",
  ledgerExport: "files are a stream",
  evidenceBundle: "files are a stream",
};

describe.each(operations)("operation %s", (id, operation) => {
  it("stands in the catalog under its own id, in camelCase", () => {
    expect(operation.id).toBe(id);
    expect(id).toMatch(/^[a-z]+(?:[A-Z][a-z]+)*$/);
  });

  it("has a title and a summary in one sentence", () => {
    expect(operation.title).toMatch(/^[A-Z][^.]+$/);
    expect(operation.summary).toMatch(/^[A-Z].*\.$/s);
    expect(operation.summary.length).toBeLessThan(200);
  });

  it("takes an object that a JSON Schema can tell", () => {
    expect(z.toJSONSchema(operation.input, { io: "input" })).toMatchObject({ type: "object" });
  });

  it("refuses what is no object", () => {
    for (const wrong of [null, "text", 7, []]) expect(operation.input.safeParse(wrong).success).toBe(false);
  });

  it("gives an object that a JSON Schema can tell", () => {
    const told = () => z.toJSONSchema(operation.output, { io: "output" });
    if (id in OPAQUE) expect(told).toThrow();
    else expect(told()).toMatchObject({ type: "object" });
  });

  it("states who may, and whether it changes anything", () => {
    expect(PERMISSIONS).toContain(operation.permission);
    expect(["read", "write"]).toContain(operation.effect);
    if (operation.permission === "read") expect(operation.effect).toBe("read");
  });

  it("states the trace that it leaves, or why none", () => {
    const { audit } = operation;
    if (typeof audit === "string") expect(audit).toMatch(/^none: \S.{10,}/);
    else if (typeof audit.event === "string") expect(audit.event).toMatch(/^[a-z_]+(?:\.[a-z_]+)+$/);
    else expect(audit.event).toBeTypeOf("function");
  });

  it("leaves a trace when it touches a secret or a setting", () => {
    if (!["credentials", "people", "settings"].includes(operation.permission) || operation.effect === "read") return;
    expect(operation.audit).toBeTypeOf("object");
  });
});

it("has an entry for every file, and a file for every entry", async () => {
  const { filesBelow } = await import("../repository/files.ts");
  const files = filesBelow("src/operations/catalog", ".ts").filter((path) => !/index\.ts$|\.test\.ts$/.test(path));
  expect(files).toHaveLength(operations.length);
});
