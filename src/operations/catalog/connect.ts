import { z } from "zod";

import { dayOfInstant, Failure, isFailure, parseDay, type DayNumber } from "../../domain/index.ts";
import { probe, recogniseKey, type KeyKind, type Probe } from "../../source/index.ts";
import { findConnection, insertConnection, updateConnection, type ConnectionRow } from "../../store/index.ts";
import { checklist, checklistOf, keptChecklist } from "../capabilities.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { upstreamOf } from "../upstream-of.ts";

/** Whole days held by default, besides the present one: what a first look needs, in a minute. */
const BACKFILL_DAYS = 90;

const connectionName = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62})$/,
    "is no connection name: use 1 to 63 letters, digits, dots, dashes and underscores",
  );

export const connect = defineOperation({
  id: "connect",
  title: "Connect",
  summary:
    "Proves a key, seals it, and says what it can read. Connecting again replaces the key of the same organization.",
  input: z.object({
    name: connectionName,
    key: z.string(),
    /** `personal` lets a personal or service-account key pass, which has the shape of an ordinary API key. */
    kind: z.enum(["admin", "scoped", "personal"]).optional(),
    /** The organization that the key must belong to. */
    organizationId: z.string().optional(),
    /** First day to hold, or `all` for as far back as each stream gives; absent: ninety days. */
    from: z.string().optional(),
  }),
  output: checklist.extend({
    connection: z.string(),
    kind: z.enum(["admin", "scoped", "personal"]),
    organizationId: z.string(),
    organizationName: z.string(),
    fingerprint: z.string(),
    last4: z.string(),
    /** An earlier key of this connection was replaced. */
    rotated: z.boolean(),
  }),
  permission: "credentials",
  effect: "write",
  audit: {
    event: ({ rotated }) => (rotated ? "credential.rotated" : "credential.set"),
    facts: ({ connection, kind, organizationId, fingerprint }) => ({
      connection,
      kind,
      organization_id: organizationId,
      key_fingerprint: fingerprint,
    }),
  },
  async run(context, input) {
    const { name, key } = input;
    // What the shape tells is told before any request, and before the vault is needed.
    const kind = recogniseKey(key, input.kind === undefined ? {} : { kind: input.kind });
    const from = firstDay(input.from);
    if (context.keyring.lockedBy !== null) throw new Failure("vault.locked", { problem: context.keyring.lockedBy });
    const before = await context.store.read((tx) => findConnection(tx, context.scope, name));

    const upstream = before === null ? context.upstream.url : upstreamOf(context, before);
    const found = await proved(context, key, upstream);
    const expected = before?.organizationId ?? input.organizationId;
    for (const wanted of [expected, input.organizationId]) {
      if (wanted !== undefined && wanted !== found.organizationId) {
        throw new Failure("source.other_organization", { found: found.organizationId, expected: wanted });
      }
    }
    const fingerprint = await keep(context, { name, key, kind, from, upstream, found });
    return {
      ...checklistOf(found),
      connection: name,
      kind,
      organizationId: found.organizationId,
      organizationName: found.organizationName,
      fingerprint,
      last4: key.slice(-4),
      rotated: before !== null && before.state !== "disconnected",
    };
  },
});

/** @throws Failure `source.credential_refused` and whatever keeps the organization from answering at all. */
async function proved(context: OperationContext, key: string, upstream: string): Promise<Probe> {
  const { client, close } = await context.keyring.clientOf(key, upstream);
  try {
    return await probe(client, context.clock.now(), context.signal);
  } catch (thrown) {
    if (isFailure(thrown) && context.signal.aborted) throw new Failure("app.cancelled");
    throw thrown;
  } finally {
    await close();
  }
}

interface Proved {
  readonly name: string;
  readonly key: string;
  readonly kind: KeyKind;
  readonly from: DayNumber | "all" | null;
  readonly upstream: string;
  readonly found: Probe;
}

function firstDay(from: string | undefined): DayNumber | "all" | null {
  if (from === undefined) return null;
  return from === "all" ? "all" : parseDay(from, "from");
}

/** The row and the sealed key change together, or neither does. Gives the key's fingerprint. */
async function keep({ store, scope, clock, keyring }: OperationContext, proved: Proved): Promise<string> {
  const { name, key, kind, from, upstream, found } = proved;
  const now = clock.now();
  return store.write(async (tx) => {
    const fingerprint = await keyring.fingerprint(tx, scope, key);
    const current = {
      kind,
      organizationName: found.organizationName,
      upstream,
      state: "active",
      fingerprint,
      last4: key.slice(-4),
      capabilities: keptChecklist(found),
      lastUsedAt: now,
    } as const satisfies Partial<ConnectionRow>;
    // Read again: another connect of the same name may have come first.
    const before = await findConnection(tx, scope, name);
    if (before !== null && before.organizationId !== found.organizationId) {
      throw new Failure("source.other_organization", { found: found.organizationId, expected: before.organizationId });
    }
    if (before === null) {
      const backfillFrom = from === "all" ? null : (from ?? dayOfInstant(found.probedAt) - BACKFILL_DAYS);
      const made = { name, organizationId: found.organizationId, backfillFrom, createdAt: now, rotatedAt: null };
      const row = await insertConnection(tx, scope, { ...current, ...made });
      await keyring.put(tx, scope, row.connectionId, key);
    } else {
      const backfill = from === null ? {} : { backfillFrom: from === "all" ? null : from };
      await updateConnection(tx, scope, before.connectionId, { ...current, ...backfill, rotatedAt: now });
      await keyring.put(tx, scope, before.connectionId, key);
    }
    return fingerprint;
  });
}
