import { PassThrough, Writable } from "node:stream";

import { expect, it } from "vitest";

import { closedWorld } from "../../test/support/closed-world.ts";
import { runCli } from "./run-cli.ts";
import { createIo, type Io } from "./io.ts";

/** A stdout whose every write fails in this way, and what stderr got. */
function failing(code: string): { io: Io; said: () => string } {
  const stdout = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })),
  });
  const stderr = new PassThrough();
  return {
    io: createIo({ stdin: process.stdin, stdout, stderr, env: {} }),
    said: () => String(stderr.read() ?? ""),
  };
}

const { signal } = new AbortController();

it.each([[["report"]], [["--help"]], [["export", "--json"]]])(
  "a full disk on stdout ends %s with 5 and one sentence",
  async (argv) => {
    const { io, said } = failing("ENOSPC");
    expect(await runCli(argv, closedWorld(io), signal)).toBe(5);
    const told = said();
    expect(told).toContain("The answer cannot be written to stdout (no space is left).");
    expect(told.trimEnd().split("\n")).toHaveLength(1);
  },
);

it("tells a full disk again after the stream was destroyed by it", async () => {
  const { io } = failing("ENOSPC");
  await expect(io.out("first")).rejects.toMatchObject({ code: "app.output" });
  await expect(io.out("second")).rejects.toMatchObject({ code: "app.output" });
});

it.each([[["report"]], [["--help"]]])("a reader that went away ends %s quietly", async (argv) => {
  const { io, said } = failing("EPIPE");
  expect(await runCli(argv, closedWorld(io), signal)).toBe(0);
  expect(said()).toBe("");
});
