import { expect, it } from "vitest";

import { importsOf } from "./files.ts";

it("finds every way to import", () => {
  const code = `import { spawn } from "node:child_process";
import type {
  Clock,
  Scope,
} from "../domain/index.ts";
import "./register.ts";
import prices from "./pricing.json" with { type: "json" };
export * from "./time.ts";
export { a, type B } from "../store/index.ts";
export type { C } from "./c.ts";
const later = await import("./later.ts");
let type: import("kysely").Kysely<unknown>;
`;
  expect(importsOf("src/sync/run.ts", code).map(({ specifier, target }) => target ?? specifier)).toEqual([
    "node:child_process",
    "src/domain/index.ts",
    "src/sync/register.ts",
    "src/sync/pricing.json",
    "src/sync/time.ts",
    "src/store/index.ts",
    "src/sync/c.ts",
    "src/sync/later.ts",
    "kysely",
  ]);
});

it("takes neither comments nor other strings for imports", () => {
  const code = `// import { a } from "./a.ts";
/** See import("./b.ts"). */
export const from = "./c.ts";
export function importFrom() { return "./d.ts"; }
`;
  expect(importsOf("src/sync/run.ts", code)).toEqual([]);
});
