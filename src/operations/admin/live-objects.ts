import { Failure, isFailure } from "../../domain/index.ts";
import { objectAsked, spendLimitsAsked, workspaceRateLimitsAsked, type Stream } from "../../source/index.ts";
import type { OperationContext } from "../context.ts";
import { byType, effectiveLimits, limitsOf } from "./effective-limits.ts";
import { askLive, type LiveReading, type LiveWarning } from "./live.ts";
import type { FoundObject, FoundObjects, ObjectsQuestion } from "./objects.ts";
import type { KnownOrganization } from "./organizations.ts";
import { plainObject } from "./plain-numbers.ts";

/** Objects as Anthropic gives them now. */
export async function liveObjects(
  context: OperationContext,
  question: ObjectsQuestion,
  organizations: readonly KnownOrganization[],
): Promise<FoundObjects> {
  if (question.kind === "workspace_members" && question.workspace === undefined) {
    const remedy = "Name one workspace: Anthropic lists the members of one at a time.";
    throw new Failure("input.invalid", { field: "workspace", problem: "is missing", remedy });
  }
  const rows: FoundObject[] = [];
  const told: LiveWarning[] = [];
  let now: number | null = null;
  for (const organization of organizations) {
    const read = await readOne(context, organization, question);
    if (read === null) continue;
    now = Math.min(now ?? Infinity, read.now);
    told.push(...read.warnings);
    for (const { organizationId, data } of read.records) {
      rows.push({ organizationId, object: plainObject(data), goneSince: null });
    }
  }
  if (now === null && question.workspace !== undefined) {
    throw new Failure("access.unknown", { what: `workspace ${question.workspace}` });
  }
  return {
    source: "anthropic",
    readAt: now === null ? null : new Date(now).toISOString(),
    warnings: told,
    rows: question.kind === "rate_limits" ? inOneOrder(rows, question.workspace) : rows,
  };
}

/** The organization's come from the stream as records of one limiter each, a workspace's as entries. */
function inOneOrder(rows: readonly FoundObject[], workspace: string | undefined): FoundObject[] {
  if (workspace === undefined) return effectiveLimits(rows, undefined);
  return rows.map((row) => ({ ...row, object: { ...row.object, limits: byType(limitsOf([row])) } }));
}

/** Null where this organization has none of the id: another may. */
async function readOne(
  context: OperationContext,
  organization: KnownOrganization,
  question: ObjectsQuestion,
): Promise<LiveReading | null> {
  const { workspace, id } = question;
  const ids = workspace === undefined ? {} : { workspaces: [workspace] };
  try {
    return await askLive(context, organization, { stream: streamFor(context, question), span: null, ids });
  } catch (thrown) {
    if ((id !== undefined || workspace !== undefined) && isFailure(thrown, "source.not_found")) return null;
    throw thrown;
  }
}

function streamFor({ streams }: OperationContext, { kind, id, workspace }: ObjectsQuestion): Stream {
  if (kind === "spend_limits") return spendLimitsAsked(workspace === undefined ? [] : [["workspace_id", workspace]]);
  if (kind === "rate_limits" && workspace !== undefined) return workspaceRateLimitsAsked(workspace);
  if (id !== undefined) {
    const below = kind === "workspace_members" ? `workspaces/${encodeURIComponent(workspace ?? "")}/members` : kind;
    return objectAsked(kind, `/v1/organizations/${below}/${encodeURIComponent(id)}`);
  }
  const stream = streams.find(({ name }) => name === kind);
  if (stream === undefined) throw new TypeError(`there is no stream ${kind}`);
  // A sync goes on without a workspace that gives no list; who asks for one wants to hear it.
  const { onRefusal: _, ...strict } = stream;
  return strict;
}
