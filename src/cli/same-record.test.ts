import { expect, it } from "vitest";

import type { Globals } from "./command.ts";
import { sameRecord } from "./same-record.ts";

const globals: Globals = { json: false, verbose: false, settings: {} };

it("repeats nothing when nothing was given", () => {
  expect(sameRecord(globals)).toBe("");
});

it("repeats tenant and folder as a shell takes them", () => {
  const settings = { data: "/srv/o'er there", kekFile: "/run/kek", listen: "127.0.0.1:1" };
  expect(sameRecord({ ...globals, tenant: "acme", settings })).toBe(
    String.raw` --tenant acme --data '/srv/o'\''er there' --kek-file /run/kek`,
  );
});

it("never repeats the address of a database, which may hold a password", () => {
  const settings = { databaseUrl: "postgres://bursar:secret@db/bursar" };
  expect(sameRecord({ ...globals, settings })).toBe(" --database-url URL");
});
