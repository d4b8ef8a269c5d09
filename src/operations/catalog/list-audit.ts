import { z } from "zod";

import { parseLeaf } from "../../ledger/index.ts";
import { findAccount, findOauthGrant, ownLeaves, type Tx } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

const fact = z.union([z.string(), z.number(), z.boolean(), z.null()]);
type Fact = z.output<typeof fact>;

export const listAudit = defineOperation({
  id: "listAudit",
  title: "Audit trail",
  summary:
    "What was done in this Bursar, by whom and when, the newest first; what it was done to for who may see people.",
  input: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    before: z.coerce.number().int().min(0).optional().describe("`next` of the part before"),
  }),
  output: z.object({
    next: z.int().nullable().describe("`before` of the next part, or null at the beginning of the ledger"),
    /** Whether the facts are kept back: they name people. */
    factsHidden: z.boolean(),
    rows: z.array(
      z.object({
        index: z.int().describe("of its leaf"),
        at: z.string(),
        event: z.string().nullable().describe("null when its content was erased"),
        by: z.string().nullable().describe("`account:…`, `token:…`, or the name of an operator"),
        name: z.string().nullable().describe("of the account, for who may see people"),
        facts: z.record(z.string(), fact).nullable().describe("what is no single value as JSON text"),
      }),
    ),
  }),
  permission: "audit",
  effect: "read",
  fresh: true,
  audit: "none: reading the trail would lengthen it; looks at single people are recorded where they happen",
  run: async ({ store, scope }, { limit, before }) =>
    store.read(async (tx) => {
      const isNamed = scope.privacy.mode === "named";
      // One more tells whether there is a next part.
      const found = await ownLeaves(tx, scope, "audit", { before, limit: limit + 1 });
      const shown = found.slice(0, limit);
      const names = new Map<string, string | null>();
      const rows = [];
      for (const { index, leaf, payload } of shown) {
        const { at } = parseLeaf(leaf);
        const { event, by, facts } = saidIn(payload);
        if (isNamed && by !== null && !names.has(by)) names.set(by, await nameOf(tx, by));
        rows.push({
          index,
          at,
          event,
          by,
          name: by === null ? null : (names.get(by) ?? null),
          facts: isNamed ? facts : null,
        });
      }
      const isMore = found.length > limit;
      return { next: isMore ? (shown.at(-1)?.index ?? null) : null, factsHidden: !isNamed, rows };
    }),
});

interface Said {
  readonly event: string | null;
  readonly by: string | null;
  readonly facts: Record<string, Fact> | null;
}

function saidIn(payload: string | null): Said {
  if (payload === null) return { event: null, by: null, facts: null };
  // Written by ourselves as an object with these members.
  const { event, by, ...facts } = JSON.parse(payload) as Record<string, unknown>;
  const told = Object.entries(facts).map(([name, value]) => [name, factOf(value)] as const);
  return { event: textOrNull(event), by: textOrNull(by), facts: Object.fromEntries(told) };
}

function factOf(value: unknown): Fact {
  const read = fact.safeParse(value);
  return read.success ? read.data : JSON.stringify(value);
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

async function nameOf(tx: Tx, by: string): Promise<string | null> {
  const [kind, id] = by.split(":", 2);
  if (id === undefined) return null;
  if (kind === "account") return (await findAccount(tx, id))?.name ?? null;
  const grant = kind === "grant" ? await findOauthGrant(tx, id) : null;
  if (grant === null) return null;
  const account = await findAccount(tx, grant.accountId);
  return account === null ? grant.clientName : `${grant.clientName} for ${account.name}`;
}
