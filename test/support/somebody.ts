import type { Json } from "../../src/domain/index.ts";
import type { Emulator } from "../../src/emulator/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { storedVersions } from "../../src/store/index.ts";
import { connectTo, syncMain } from "./rolled-back.ts";
import { withSessions, type TestSessions } from "./sessions.ts";

interface Somebody {
  readonly email: string;
  readonly name: string;
  readonly userId: string;
}

/** A member who used Claude Code. */
export async function somebody({ store, scope }: OperationContext): Promise<Somebody> {
  return store.read(async (tx) => {
    const active = new Set<Json | undefined>();
    for await (const { nk } of storedVersions(tx, scope, { stream: "claude_code", currentOnly: true })) {
      active.add((JSON.parse(nk) as Json[])[3]);
    }
    for await (const { payload } of storedVersions(tx, scope, { stream: "users", currentOnly: true })) {
      const { data } = JSON.parse(payload!) as { data: { id: string; email: string; name: string } };
      if (active.has(data.email)) return { email: data.email, name: data.name, userId: data.id };
    }
    throw new Error("nobody used Claude Code");
  });
}

/** An organization with somebody in all of our own tables too. */
export async function withSomebody(
  use: (all: TestSessions & { context: OperationContext; world: Emulator; ada: Somebody }) => Promise<void>,
): Promise<void> {
  await withSessions(async (sessions) => {
    const context = await sessions.open();
    const world = await sessions.emulator(3);
    await connectTo(context, world);
    await syncMain(context, "2026-10-29");
    const ada = await somebody(context);
    const csv = `email,name,team,manager\n${ada.email} ada.alias@example.org,${ada.name},Core,\nboss@example.org,Bo Boss,Core,${ada.email}\n`;
    await runOperation(context, await catalog.loadPeople(), { csv });
    await runOperation(context, await catalog.inviteAccount(), { email: ada.email, role: "viewer" });
    await runOperation(context, await catalog.setLicenceException(), { person: ada.email, reason: "Ada asked" });
    await use({ ...sessions, context, world, ada });
  });
}
