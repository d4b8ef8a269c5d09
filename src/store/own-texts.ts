import { textOf, textOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, WriteTx } from "./types.ts";

/** Where our own tables hold texts that may name a person, with what names a row of each. */
const OWN_TEXTS: readonly {
  readonly table: string;
  readonly key: readonly string[];
  readonly texts: readonly string[];
}[] = [
  { table: "people", key: ["person_id"], texts: ["manager", "cost_centre", "team"] },
  { table: "people_earlier", key: ["person_id", "until_day"], texts: ["manager", "cost_centre", "team"] },
  { table: "actor_owners", key: ["actor"], texts: ["actor", "service"] },
  { table: "settings", key: ["name"], texts: ["value"] },
  { table: "alerts_sent", key: ["alert_key"], texts: ["alert_key"] },
  { table: "budgets", key: ["budget_id"], texts: ["name", "scope_value"] },
  {
    table: "anomalies",
    key: ["anomaly_id"],
    texts: ["anomaly_id", "title", "acknowledged_by", "resolved_by"],
  },
  { table: "saved_views", key: ["view_id"], texts: ["owner_name", "name", "query"] },
  { table: "api_tokens", key: ["token_id"], texts: ["name"] },
  { table: "runs", key: ["started_ms", "run_id"], texts: ["report"] },
  { table: "stream_states", key: ["organization_id", "stream"], texts: ["message", "hint"] },
];

/** Plans and outcomes of changes, of which none says anything once a name is taken out of it. */
const PLAN_TEXTS = ["planned_by_name", "arguments", "plan", "decision", "outcome"] as const;

/**
 * Rewrites the texts that our own tables hold about people, roster and accounts excepted; plans of changes that would
 * be rewritten are deleted.
 *
 * @param rewrite gives a text as it should be, the same one when it may stay
 * @returns rows changed or deleted, by table
 */
export async function rewriteOwnTexts(
  tx: WriteTx,
  { tenantId }: Pick<Scope, "tenantId">,
  rewrite: (text: string) => string,
): Promise<Map<string, number>> {
  const session = sessionOf(tx);
  const changed = new Map<string, number>();
  const count = (table: string) => changed.set(table, (changed.get(table) ?? 0) + 1);
  for (const { table, key, texts } of OWN_TEXTS) {
    const columns = [...new Set([...key, ...texts])].join(", ");
    for (const row of await session.all(`select ${columns} from ${table} where tenant_id = ?`, [tenantId])) {
      const before = texts.map((name) => textOrNull(row, name));
      const after = before.map((text) => (text === null ? null : rewrite(text)));
      if (after.every((text, at) => text === before[at])) continue;
      await session.run(
        `update ${table}
         set ${texts.map((name) => `${name} = ?`).join(", ")}
         where tenant_id = ? and ${key.map((name) => `${name} = ?`).join(" and ")}`,
        [...after, tenantId, ...key.map((name) => row[name] ?? null)],
      );
      count(table);
    }
  }
  const plans = await session.all(`select change_id, ${PLAN_TEXTS.join(", ")} from changes where tenant_id = ?`, [
    tenantId,
  ]);
  for (const row of plans) {
    const names = PLAN_TEXTS.map((name) => textOrNull(row, name)).some(
      (text) => text !== null && rewrite(text) !== text,
    );
    if (!names) continue;
    await session.run("delete from changes where tenant_id = ? and change_id = ?", [
      tenantId,
      textOf(row, "change_id"),
    ]);
    count("changes");
  }
  return changed;
}
