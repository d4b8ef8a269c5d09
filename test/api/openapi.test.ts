import { createConfig, lintFromString } from "@redocly/openapi-core";
import { describe, expect, it } from "vitest";

import { servedOperations } from "../../src/api/served-operations.ts";
import { openApiDocument } from "../../src/api/openapi/document.ts";
import { referencePage } from "../../src/api/openapi/reference-page.ts";

const document = await openApiDocument("0.0.0");
const served = await servedOperations();

describe("the OpenAPI document", () => {
  it("passes Redocly's recommended rules without an error", async () => {
    const config = await createConfig({ extends: ["recommended"] });
    const problems = await lintFromString({ source: JSON.stringify(document), config });
    const told = problems.map(({ severity, ruleId, message, location }) => ({
      severity,
      ruleId,
      message,
      at: location[0]?.pointer,
    }));
    expect(told.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(told).toEqual([]);
  });

  it("has a path for each operation that is served, and for none that is the machine's operator's", () => {
    const paths = Object.keys(document.paths).filter((path) => path.startsWith("/api/v1/"));
    for (const { name } of served) expect(paths).toContain(`/api/v1/${name}`);
    for (const name of ["doctor", "digest", "add-tenant", "export-ledger"])
      expect(paths).not.toContain(`/api/v1/${name}`);
  });

  it("says what each answer holds", () => {
    const empty = Object.entries(document.components.schemas).filter(([, schema]) => Object.keys(schema).length === 0);
    expect(empty).toEqual([]);
    expect(document.components.schemas["Report"]?.["properties"]).toHaveProperty("rows");
  });

  it("names no folder of the machine as something to give", () => {
    expect(JSON.stringify(document.paths["/api/v1/verify"])).not.toContain('"dir"');
  });
});

describe("the reference page", () => {
  const page = referencePage(document);

  it("tells of every operation", () => {
    for (const { operation } of served) expect(page).toContain(`id="${operation.id}"`);
  });

  it("has no script and no inline style, which the policy would refuse", () => {
    expect(page).not.toMatch(/<script|<style| style="| on\w+="/i);
  });

  it("has no element with the id of another", () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
