import { PassThrough } from "node:stream";

import { afterEach, beforeEach, expect, it } from "vitest";

import { runCli, type World } from "../../src/cli/index.ts";
import { catalog, type OperationContext } from "../../src/operations/index.ts";
import { TINY } from "../emulator/tiny-world.ts";
import { ask, hold, type TestChanges } from "./support.ts";

let changes: TestChanges;
let ada: OperationContext;
let release: () => Promise<void>;
beforeEach(async () => {
  ({ changes, release } = await hold());
  ada = await changes.signIn("ada.example@example.com");
});
afterEach(() => release());

/** Runs a command line as the operator; what is typed comes from a terminal, unless it is piped. */
async function bursar(argv: readonly string[], typed: string, isTerminal = true) {
  const stdin = Object.assign(new PassThrough(), { isTTY: isTerminal, setRawMode: () => {} });
  const said = { out: "", err: "" };
  const refuse = () => Promise.reject(new Error("not asked for here"));
  const world: World = {
    io: {
      stdin: stdin as unknown as NodeJS.ReadStream,
      env: {},
      canRedraw: false,
      color: false,
      columns: () => 200,
      out: async (text) => void (said.out += text),
      err: (text) => {
        said.err += text;
        // Whoever sits there answers what they were shown.
        if (text.includes("request ")) setTimeout(() => stdin.write(`${typed}\r`), 200);
      },
    },
    version: "0.0.0",
    dataPlace: () => ({ dataDir: "/nonexistent", isEmbedded: true }),
    open: async () => ({
      context: changes.operator,
      dataDir: "/nonexistent",
      origin: "http://x",
      close: async () => {},
    }),
    serve: refuse,
    witness: refuse,
    mcp: refuse,
  };
  return { code: await runCli(argv, world, new AbortController().signal), ...said };
}

const INVITE = { kind: "invite_member", arguments: { email: "jane@example.com", role: "user" } };

it("approves what the person at the terminal read and answered, and says who it was", async () => {
  const { change, confirmation } = await ask(ada, catalog.planChange(), INVITE);
  const listed = await bursar(["change", "list"], "");
  expect(listed.out).toContain(change.id);
  const approved = await bursar(["change", "approve", change.id], "yes");
  expect(approved.code).toBe(0);
  expect(approved.err).toContain('POST /v1/organizations/invites {"email":"jane@example.com","role":"user"}');
  expect((await changes.trail()).at(-1)).toMatchObject({ event: "change.approved", how: "terminal", by: "cli" });
  expect((await ask(ada, catalog.executeChange(), { ...INVITE, confirmation })).state).toBe("done");
  const seen = await bursar(["change", "show", change.id], "");
  expect(seen.out).toMatch(/state +done\n/);
});

it("takes no other answer, and none that a program pipes in", async () => {
  const { change } = await ask(ada, catalog.planChange(), INVITE);
  expect((await bursar(["change", "approve", change.id], "no")).err).toContain("not approved");
  const piped = await bursar(["change", "approve", change.id], "yes", false);
  expect([piped.code, piped.err]).toEqual([2, expect.stringMatching(/is no terminal, and only a person/)]);
  expect((await ask(ada, catalog.getChange(), { id: change.id })).state).toBe("planned");
  expect((await bursar(["change", "decline", change.id], "")).code).toBe(0);
  expect((await ask(ada, catalog.getChange(), { id: change.id })).state).toBe("declined");
});

it("off-boards somebody after asking once, and says what is left", async () => {
  const shown = await bursar(["offboard", "grace.example@example.com"], "");
  expect(shown.out).toMatch(/Proposed: remove the member, make 1 key inactive/);
  expect(changes.writes()).toEqual([]);
  const done = await bursar(["offboard", "grace.example@example.com", "--execute"], "yes");
  expect(done.out).toMatch(/state +done[^]*Looked at again; left are:\n {2}- key .* was not chosen/);
  expect(changes.writes()[0]).toBe(`DELETE /v1/organizations/users/${TINY.developer}`);
  expect(done.code).toBe(0);
});
