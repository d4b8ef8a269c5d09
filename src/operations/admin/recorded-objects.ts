import { Failure, isJsonObject, type Json, type JsonObject } from "../../domain/index.ts";
import { canonicalJson } from "../../ledger/index.ts";
import { coverageOf, storedVersions, versionsOf, type StoredVersion, type Tx } from "../../store/index.ts";
import type { OperationContext } from "../context.ts";
import { effectiveLimits } from "./effective-limits.ts";
import type { FoundObject, FoundObjects, ObjectsQuestion, ObjectKind } from "./objects.ts";
import type { KnownOrganization } from "./organizations.ts";
import { plainObject } from "./plain-numbers.ts";

/** Objects as they were last read. */
export async function recordedObjects(
  context: OperationContext,
  question: ObjectsQuestion,
  organizations: readonly KnownOrganization[],
): Promise<FoundObjects> {
  const { store } = context;
  return store.read(async (tx) => {
    await checkWorkspace(tx, context, question, organizations);
    const rows: FoundObject[] = [];
    const told: FoundObjects["warnings"][number][] = [];
    let readAt: number | null = null;
    for (const { id } of organizations) {
      const [coverage] = await coverageOf(tx, context.scope, id, question.kind);
      if (coverage === undefined) told.push(neverRead(question.kind, id));
      else {
        readAt = Math.min(readAt ?? Infinity, coverage.readAtMs);
        if (coverage.state === "partial") told.push(readInPart(question.kind, id));
      }
      rows.push(...(await recordedOf(tx, context, question, id)));
    }
    return {
      source: "record",
      readAt: readAt === null ? null : new Date(readAt).toISOString(),
      warnings: told,
      rows: question.kind === "rate_limits" ? effectiveLimits(rows, question.workspace) : rows,
    };
  });
}

/** @throws Failure `access.unknown` for the members or limits of a workspace that no list ever had */
async function checkWorkspace(
  tx: Tx,
  { scope }: Pick<OperationContext, "scope">,
  { workspace }: ObjectsQuestion,
  organizations: readonly KnownOrganization[],
): Promise<void> {
  if (workspace === undefined) return;
  for (const { id } of organizations) {
    const nk = canonicalJson([id, workspace]);
    if ((await versionsOf(tx, scope, "workspaces", id, { day: null, nk })).length > 0) return;
  }
  throw new Failure("access.unknown", { what: `workspace ${workspace}` });
}

function neverRead(kind: ObjectKind, organization: string) {
  const message = `${kind} of ${organization} were never read; sync first, or ask with live.`;
  return { code: "not_collected_yet", message };
}

function readInPart(kind: ObjectKind, organization: string) {
  return { code: "incomplete", message: `${kind} of ${organization} were last read in part only.` };
}

async function recordedOf(
  tx: Tx,
  { scope }: Pick<OperationContext, "scope">,
  { kind, id, workspace }: ObjectsQuestion,
  organizationId: string,
): Promise<FoundObject[]> {
  if (id !== undefined && kind !== "workspace_members") {
    const nk = canonicalJson([organizationId, id]);
    const versions = await versionsOf(tx, scope, kind, organizationId, { day: null, nk });
    const last = versions.at(-1);
    const told = versions.findLast(({ state }) => state === "rec");
    if (last === undefined || told === undefined) return [];
    const goneSince = last.state === "gone" ? new Date(last.atMs).toISOString() : null;
    return dataOf(told).map((object) => ({ organizationId, object, goneSince }));
  }
  const rows: FoundObject[] = [];
  for await (const version of storedVersions(tx, scope, { stream: kind, organizationId, currentOnly: true })) {
    if (version.state !== "rec") continue;
    if (kind === "rate_limits") {
      // A record is one limiter of a group, and its key says whose it is.
      const [, of] = JSON.parse(version.nk) as (string | null)[];
      if (of !== null && of !== workspace) continue;
    }
    for (const object of dataOf(version)) {
      if (kind === "workspace_members" && workspace !== undefined && object["workspace_id"] !== workspace) continue;
      if (kind === "workspace_members" && id !== undefined && object["user_id"] !== id) continue;
      rows.push({ organizationId, object, goneSince: null });
    }
  }
  return rows;
}

/** The objects of a record; of a conflicted one, all that were given. None of an erased one. */
function dataOf({ payload }: StoredVersion): JsonObject[] {
  if (payload === null) return [];
  const { data } = JSON.parse(payload) as { readonly data: Json };
  const list = Array.isArray(data) ? (data as readonly Json[]) : [data];
  return list.filter(isJsonObject).map(plainObject);
}
