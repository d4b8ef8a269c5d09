import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { z } from "zod";

import {
  newApiToken,
  newId,
  principalOf,
  signedBySession,
  signedByToken,
  type Caller,
  type Permission,
  type Role,
} from "../../src/access/index.ts";
import { readSettings } from "../../src/app/config.ts";
import { type Json } from "../../src/domain/index.ts";
import { startEmulator, type Emulator, type World } from "../../src/emulator/index.ts";
import {
  catalog,
  effectivePrivacy,
  runOperation,
  type Operation,
  type OperationContext,
} from "../../src/operations/index.ts";
import { ensureTenant, insertApiToken, ownLeaves } from "../../src/store/index.ts";
import { tinyWorld } from "../emulator/tiny-world.ts";
import { accountRow } from "../support/account-row.ts";
import { testRandom as random } from "../support/bursar.ts";
import { virtualClock, type VirtualClock } from "../support/clock.ts";
import type { Engine } from "../support/engines.ts";
import { signIn } from "../support/signed-in.ts";
import { newSchema } from "../support/stores.ts";
import { openTestHost } from "../support/opened.ts";

export const LISTS = ["users", "invites", "workspaces", "workspace_members", "api_keys", "rate_limits"];

export interface TestChanges {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  /** Whoever runs the program, who may do all that the API allows. */
  readonly operator: OperationContext;
  /** A new account with this e-mail, signed in on the dashboard. */
  signIn(email: string, role?: Role, people?: boolean): Promise<OperationContext>;
  /** A token of that account's, or of the operator. */
  token(owner: OperationContext | null, scopes: readonly Permission[]): Promise<OperationContext>;
  /** Requests that change something, as the emulator saw them: `POST /v1/organizations/invites`. */
  writes(): string[];
  /** Our own security events about changes, oldest first. */
  trail(): Promise<Readonly<Record<string, Json>>[]>;
}

export interface TestChangesOptions {
  /** On unless said. */
  readonly writes?: boolean;
  /** SQLite unless said. */
  readonly engine?: Engine["name"];
  /** The tiny one unless said. */
  readonly world?: World;
}

/** A connected Bursar over the tiny organization, with everything real but the clock. */
export async function withChanges(
  use: (changes: TestChanges) => Promise<void>,
  { writes = true, engine, world = tinyWorld() }: TestChangesOptions = {},
): Promise<void> {
  const server = engine === "PostgreSQL" ? process.env["BURSAR_TEST_POSTGRES"] : undefined;
  const schema = server === undefined ? null : await newSchema(server);
  const folder = await mkdtemp(join(tmpdir(), "bursar-changes-"));
  const emulator = await startEmulator({ world });
  // Beside a database elsewhere none is made.
  if (schema !== null) await writeFile(join(folder, "kek"), random.bytes(32), { mode: 0o600 });
  const env = {
    BURSAR_UPSTREAM: emulator.url,
    ...(writes ? { BURSAR_ALLOW_WRITES: "1" } : {}),
    ...(schema === null ? {} : { BURSAR_DATABASE_URL: schema.url }),
  };
  const host = await openTestHost({
    settings: readSettings({ flags: { data: folder }, env, cwd: folder }),
    principal: "cli",
  });
  try {
    const { store } = host;
    const tenant = await store.write((tx) => ensureTenant(tx, "default", 0));
    const clock = virtualClock(emulator.clock.now());
    const operator: OperationContext = { ...host.contextOf(tenant), clock };
    const contextOf = async (caller: Caller): Promise<OperationContext> => {
      const privacy = await effectivePrivacy(operator, operator.scope, caller);
      const scope = { ...operator.scope, principal: principalOf(caller), privacy, self: caller.personId };
      return { ...operator, scope, caller };
    };
    await ask(operator, catalog.connect(), { name: "main", key: emulator.keys.admin, from: "2026-11-19" });
    await ask(operator, catalog.sync(), { streams: [...LISTS, "usage_by_key"] });
    await use({
      emulator,
      clock,
      operator,
      async signIn(email, role = "admin", people = true) {
        const account = accountRow(newId(random, "a"), { email, name: email, createdMs: clock.now() });
        const token = await signIn(store, clock, account, [{ tenantId: tenant.tenantId, role, people }]);
        const signed = await store.read((tx) => signedBySession(tx, clock, token));
        return contextOf(signed!.tenants[0].caller);
      },
      async token(owner, scopes) {
        const made = newApiToken(random);
        await store.write((tx) =>
          insertApiToken(tx, operator.scope, {
            tokenId: made.tokenId,
            accountId: owner?.caller.accountId ?? null,
            name: "a program",
            secretHash: made.secretHash,
            scopes,
            createdMs: clock.now(),
            expiresMs: clock.now() + 86_400_000,
            usedMs: null,
          }),
        );
        const signed = await store.read((tx) => signedByToken(tx, clock, made.text));
        return contextOf(signed!.tenants[0].caller);
      },
      writes: () =>
        emulator.requests.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`),
      async trail() {
        const leaves = await store.read((tx) => ownLeaves(tx, operator.scope, "audit", { limit: 1_000 }));
        return leaves
          .map(({ payload }) => JSON.parse(payload ?? "{}") as Record<string, Json>)
          .filter(({ event }) => typeof event === "string" && event.startsWith("change."))
          .toReversed();
      },
    });
  } finally {
    await host.close();
    await schema?.drop();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Asks an operation as whoever the context is of. */
export async function ask<In extends z.ZodType, Out extends z.ZodType>(
  context: OperationContext,
  operation: Promise<Operation<In, Out>>,
  input: z.input<In>,
): Promise<z.output<Out>> {
  return runOperation(context, await operation, input);
}

export interface Order {
  readonly kind: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Plans as one, approves as a person, executes as the first: the whole way. */
export async function carryOut(planner: OperationContext, person: OperationContext, order: Order) {
  const { change, confirmation } = await ask(planner, catalog.planChange(), order);
  await ask(person, catalog.approveChange(), { id: change.id });
  return ask(planner, catalog.executeChange(), { ...order, confirmation });
}

/** The same, from the beginning of a test to its end. */
export async function hold(
  options?: TestChangesOptions,
): Promise<{ changes: TestChanges; release: () => Promise<void> }> {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  return new Promise((resolve, reject) => {
    const running = withChanges(async (changes) => {
      resolve({
        changes,
        release: async () => {
          end();
          await running;
        },
      });
      await ended;
    }, options);
    running.catch(reject);
  });
}
