import { z } from "zod";

/**
 * How far a change is. `partial`: of a series some steps are done and some are not. `expired`: planned or approved, and
 * never executed in time.
 */
export const changeState = z.enum([
  "planned",
  "approved",
  "declined",
  "expired",
  "executing",
  "done",
  "partial",
  "refused",
  "unknown",
]);

/** An object as Anthropic has it, or what of it matters. */
const upstreamState = z.record(z.string(), z.unknown());

export const changeTarget = z.object({
  kind: z.enum(["user", "invite", "workspace", "workspace_member", "api_key", "rate_limit", "spend_limit"]),
  id: z.string().nullable().describe("null for what does not exist yet"),
  name: z.string().nullable().describe("as Anthropic has it; people's for who may see them"),
});

const stepOutcome = z.object({
  how: z
    .enum(["answered", "looked_up", "not_sent"])
    .describe("by Anthropic's answer; by looking, as no answer came; nothing was sent"),
  says: z.string().describe("in a sentence"),
  status: z.int().nullable(),
  code: z.string().nullable().describe("Anthropic's own, or ours where nothing was sent"),
  requestId: z.string().nullable(),
  after: upstreamState.nullable().describe("read back afterwards; null where there is nothing any more"),
  asPlanned: z.boolean().nullable().describe("whether it is now as the plan says"),
});

export const changeStep = z.object({
  kind: z.string(),
  title: z.string(),
  target: changeTarget,
  request: z.object({
    method: z.enum(["POST", "DELETE"]),
    path: z.string(),
    body: upstreamState.nullable(),
  }),
  before: upstreamState.nullable().describe("null where there is nothing yet"),
  after: upstreamState.nullable().describe("null where there will be nothing any more"),
  consequences: z.array(z.string()).describe("in plain words, the gravest first"),
  isReversible: z.boolean(),
  state: z.enum(["planned", "not_begun", "executing", "done", "refused", "unknown"]),
  outcome: stepOutcome.nullable(),
});

const who = {
  by: z.string().describe("`account:…`, `token:…`, or the name of an operator"),
  name: z.string().nullable().describe("of the account or token"),
};

/** One change as every surface shows it. Names of people and keys, and addresses, are for who may see individuals. */
export const changeShape = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  state: changeState,
  organizationId: z.string(),
  organization: z.string(),
  connection: z.string(),
  arguments: upstreamState.describe("as `executeChange` takes them again"),
  isOwn: z.boolean().describe("it is about the caller's own membership"),
  steps: z.array(changeStep).describe("one; several for a series such as an off-boarding, in their order"),
  plannedBy: z.object({
    ...who,
    through: z
      .enum(["dashboard", "assistant", "program", "terminal"])
      .describe("how it was asked for: what an assistant or a program planned, it executes itself"),
  }),
  plannedAt: z.string(),
  expiresAt: z.string().describe("until then it must be approved and executed"),
  decision: z
    .object({
      answer: z.enum(["approved", "declined"]),
      how: z
        .enum(["dashboard", "terminal", "elicitation", "program"])
        .describe("how a person was asked; a program can decline, and never approve"),
      ...who,
      at: z.string(),
    })
    .nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Whether the record was read again afterwards, or follows with the next sync. */
  reread: z.enum(["done", "with_next_sync"]).nullable(),
  check: z
    .object({ isClean: z.boolean(), left: z.array(z.string()) })
    .nullable()
    .describe("of a series: what was found when everything was looked at again"),
});

export type ChangeShown = z.output<typeof changeShape>;
export type ChangeState = z.output<typeof changeState>;
export type StepShown = z.output<typeof changeStep>;

/** The leaves of the ledger that tell of one change, oldest first. */
export const changeLeaves = z
  .array(z.object({ index: z.int(), event: z.string(), at: z.string() }))
  .describe("empty where so much happened since that they were not looked for: the audit trail has them");

/** Which change: a kind and its arguments. Both stand here again when it is executed. */
export const changeAsked = {
  kind: z.string().max(60).describe("as `listChanges` lists them under `kinds`"),
  arguments: z.record(z.string().max(60), z.unknown()).describe("of this kind, by Anthropic's names"),
  organization: z.string().max(200).optional().describe("id, name or connection; needed where there are several"),
};

export const changeId = z.string().regex(/^c_[0-9a-f]{16}$/, "is no change, such as c_0123456789abcdef");

/** `confirm_…`: the change's id without its letter, and a secret. Shown once. */
export const confirmation = z.string().max(200);

/** What `planChange` answers: the dry run, and what executes exactly this. */
export const plannedChange = z.object({
  change: changeShape,
  confirmation: confirmation.describe("once, for this caller and these arguments, until `change.expiresAt`"),
  page: z.string().describe("of the dashboard, where a person approves it"),
});

/** What somebody has at Anthropic, and what ends it. */
export const offboarding = z.object({
  organizationId: z.string(),
  organization: z.string(),
  person: z.object({
    personId: z.string().nullable().describe("of the roster"),
    name: z.string().nullable(),
    emails: z.array(z.string()),
    userId: z.string().nullable().describe("null: no member"),
    role: z.string().nullable(),
  }),
  memberships: z.array(
    z.object({ workspaceId: z.string(), workspace: z.string().nullable(), role: z.string().nullable() }),
  ),
  invites: z.array(z.object({ inviteId: z.string(), email: z.string(), role: z.string(), expiresAt: z.string() })),
  keys: z.array(
    z.object({
      keyId: z.string(),
      name: z.string(),
      hint: z.string().nullable(),
      workspace: z.string().nullable(),
      status: z.string(),
      relation: z.enum(["made", "owns", "acts_as"]),
      diesWithMembership: z.boolean(),
      lastUsed: z.string().nullable(),
      tokens30Days: z.union([z.int(), z.string()]).nullable(),
      breaks: z.string().describe("what happens to whatever uses it"),
      isProposed: z.boolean().describe("to be made inactive; keys in use are left for somebody to take over first"),
    }),
  ),
  consequences: z.array(z.string()),
  proposed: z
    .object({
      kind: z.literal("offboard_member"),
      arguments: z.object({
        user_id: z.string().optional(),
        withdraw_invites: z.array(z.string()),
        deactivate_keys: z.array(z.string()),
      }),
    })
    .nullable()
    .describe("as `planChange` takes it; null when there is nothing to do"),
});

export type OffboardingShown = z.output<typeof offboarding>;
