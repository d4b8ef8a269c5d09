import { count, day, defineTable, dim, pico, REFERENCE, TENANT, text } from "../../src/domain/index.ts";

/** Projections in the shapes that the catalog has: a keyed fact, one that fans out, a tenant-wide one, a list. */
export const usage = defineTable({
  name: "usage_by_key",
  doc: "Tokens by key.",
  key: ["organization_id", "day", "api_key_id", "model"],
  columns: {
    organization_id: dim("organization"),
    day: day(),
    api_key_id: dim("api_key"),
    model: dim("model"),
    input_tokens: count(),
    output_tokens: count(),
    amount_pico: pico(),
  },
  distribute: "api_key_id",
  rollups: [
    {
      name: "usage_by_key_daily",
      by: ["organization_id", "day", "model"],
      sums: ["input_tokens", "output_tokens", "amount_pico"],
    },
  ],
});

export const activity = defineTable({
  name: "claude_code_activity",
  doc: "Sessions by actor.",
  key: ["organization_id", "day", "actor", "terminal"],
  columns: {
    organization_id: dim("organization"),
    day: day(),
    actor: dim("actor"),
    terminal: dim("terminal"),
    service_actor: dim("actor"),
    sessions: count(),
    commits: count(),
    tokens: count(),
  },
  distribute: "actor",
});

export const models = defineTable({
  name: "claude_code_models",
  doc: "Tokens by actor and model: several rows a record.",
  key: ["organization_id", "day", "actor", "terminal", "model"],
  recordKey: ["organization_id", "day", "actor", "terminal"],
  columns: {
    organization_id: dim("organization"),
    day: day(),
    actor: dim("actor"),
    terminal: dim("terminal"),
    model: dim("model"),
    input_tokens: count(),
  },
  distribute: "actor",
});

export const total = defineTable({
  name: "usage_total",
  doc: "Tokens of an organization.",
  key: ["organization_id", "day"],
  columns: { organization_id: dim("organization"), day: day(), input_tokens: count() },
  distribute: TENANT,
});

export const users = defineTable({
  name: "users",
  doc: "Members.",
  key: ["organization_id", "id"],
  columns: { organization_id: dim("organization"), id: text(), name: text(), role: dim("role") },
  distribute: REFERENCE,
});

export const tables = [usage, activity, models, total, users];
