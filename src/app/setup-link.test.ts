import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { catalog, runOperation } from "../operations/index.ts";
import { withSessions } from "../../test/support/sessions.ts";
import { offerSetup } from "./setup-link.ts";

it("tells the link to whoever started the server, and keeps it where only they can read it", () =>
  withSessions(async ({ open, folder }) => {
    const { store } = await open();
    const ending = new AbortController();
    const file = join(folder, "setup-link");
    const told: string[] = [];
    const offering = new Promise<void>((resolve, reject) => {
      const note = (text: string) => {
        told.push(text);
        resolve();
      };
      const origin = "http://127.0.0.1:7878";
      offerSetup({ store, dataDir: folder, origin, note, signal: ending.signal }).then(() => told.push("over"), reject);
    });
    await offering;
    const [, link] = /(http:\/\/127\.0\.0\.1:7878\/sign-in#link=[\w-]{43})$/.exec(told[0]!)!;
    expect(readFileSync(file, "utf8")).toBe(`${link}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    ending.abort();
    while (told.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(existsSync(file)).toBe(false);
  }));

it("offers nothing once there is an account", () =>
  withSessions(async ({ open, folder }) => {
    const context = await open();
    await runOperation(context, await catalog.inviteAccount(), { email: "ada@example.com", role: "admin" });
    const told: string[] = [];
    const { signal } = new AbortController();
    const origin = "http://127.0.0.1:7878";
    await offerSetup({ store: context.store, dataDir: folder, origin, note: (text) => void told.push(text), signal });
    expect(told).toEqual([]);
    expect(existsSync(join(folder, "setup-link"))).toBe(false);
  }));
