import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROLE_PERMISSIONS, type Permission, type Role } from "../../src/access/index.ts";
import { readSettings } from "../../src/app/config.ts";
import { isFailure, type Privacy } from "../../src/domain/index.ts";
import { startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { catalog, runOperation, type Operation, type OperationContext } from "../../src/operations/index.ts";
import type { OperationId } from "../../src/operations/index.ts";
import { openTestSession } from "../support/opened.ts";

const DAYS = 6;
export const RANGE = { from: "2026-10-26", to: "2026-10-31" };
const TEAMS = { Platform: 12, Search: 8, Design: 5, Legal: 2, Board: 1 };

export interface Company {
  readonly emulator: Emulator;
  /** Who sees everything, and made it so. */
  readonly operator: OperationContext;
  /** Members of the company by team. */
  readonly teamOf: ReadonlyMap<string, string>;
  as(role: Role, privacy: Privacy, more?: readonly Permission[]): OperationContext;
}

/** A record of real reports, with a roster in which two teams are too small to be shown. */
export async function openCompany(): Promise<Company & { close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "bursar-privacy-"));
  const emulator = await startEmulator({ world: { seed: 11, people: 32, days: DAYS, end: "2026-10-31", scale: 1 } });
  const session = await openTestSession({ settings: readSettings({ flags: { data: folder }, env: {}, cwd: folder }) });
  const operator: OperationContext = { ...session.context, upstream: { url: emulator.url, isChosen: true } };
  const key = emulator.keys.admin;
  await runOperation(operator, await catalog.connect(), { name: "main", key, from: RANGE.from });
  await runOperation(operator, await catalog.sync(), {});
  const teams = Object.entries(TEAMS).flatMap(([team, size]) => Array.from({ length: size }, () => team));
  const { users } = emulator.world.directory;
  const teamOf = new Map(users.map(({ email }, at) => [email, teams[at] ?? ""]));
  const lines = users.map(({ email, name }) => `${email},"${name}",${teamOf.get(email)}`);
  await runOperation(operator, await catalog.loadPeople(), { csv: ["email,name,team", ...lines].join("\n") });
  return {
    emulator,
    operator,
    teamOf,
    as: (role, privacy, more = []) => ({
      ...operator,
      scope: { ...operator.scope, privacy, principal: `account:${role}` },
      caller: {
        kind: "account",
        id: role,
        name: role,
        role,
        permissions: new Set<Permission>([...ROLE_PERMISSIONS[role], ...more]),
        personId: null,
      },
    }),
    close: async () => {
      await session.close();
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const pseudonymous = (minimumGroup = 5): Privacy => ({
  mode: "pseudonymous",
  key: randomBytes(32),
  minimumGroup,
});

/** Every text that says who somebody is: addresses, names, ids, and keys, which carry the names of their makers. */
export function identifiers({ directory }: Emulator["world"]): string[] {
  const people = [...directory.users, ...directory.removedUsers].flatMap(({ id, email, name }) => [id, email, name]);
  const keys = directory.apiKeys.flatMap(({ id, name, partial_key_hint: hint }) => [
    id,
    `key: ${name}`,
    `key:${name}`,
    hint,
  ]);
  return [...people, ...directory.invites.map(({ email }) => email), ...keys].filter((text) => text !== null);
}

/** Which of these stand in a text, whatever its case. */
export function found(identifying: readonly string[], text: string): string[] {
  const lower = text.toLowerCase();
  return identifying.filter((one) => lower.includes(one.toLowerCase()));
}

/** All that somebody gets to read for an order: the answer with its streams read out, or the failure. */
export async function read(
  context: OperationContext,
  id: OperationId,
  input: Record<string, unknown> = {},
): Promise<string> {
  try {
    const operation = (await catalog[id]()) as unknown as Operation;
    return await spelled(await runOperation(context, operation, input));
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return JSON.stringify({ code: thrown.code, message: thrown.message, hint: thrown.hint, facts: thrown.facts });
  }
}

async function spelled(output: unknown): Promise<string> {
  if (typeof output !== "object" || output === null || !("rows" in output)) return JSON.stringify(output);
  const { rows } = output;
  if (typeof rows !== "object" || rows === null || !(Symbol.asyncIterator in rows)) return JSON.stringify(output);
  return JSON.stringify({ ...output, rows: await Array.fromAsync(rows as AsyncIterable<unknown>) });
}
