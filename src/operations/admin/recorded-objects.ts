import { dayText, Failure, isJsonObject, type Json, type JsonObject, type Scope } from "../../domain/index.ts";
import { canonicalJson } from "../../ledger/index.ts";
import {
  coverageOf,
  revisionOf,
  storedVersions,
  versionsOf,
  type Revision,
  type StoredVersion,
  type Tx,
} from "../../store/index.ts";
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
      if (coverage === undefined) told.push(neverRead(question.kind, id, context.scope));
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

function neverRead(kind: ObjectKind, organization: string, { pastDay }: Pick<Scope, "pastDay">) {
  const message =
    pastDay === undefined
      ? `${kind} of ${organization} were never read; sync first, or ask with live.`
      : `Nothing was known of ${kind} of ${organization} on ${dayText(pastDay)}.`;
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
  const current = await currentObjects(tx, scope, kind, organizationId);
  return current
    .filter(({ object, whose }) => {
      if (kind === "rate_limits") return whose === null || whose === workspace;
      if (kind !== "workspace_members") return true;
      return (
        (workspace === undefined || object["workspace_id"] === workspace) &&
        (id ?? object["user_id"]) === object["user_id"]
      );
    })
    .map(({ object }) => ({ organizationId, object, goneSince: null }));
}

interface CurrentObject {
  readonly object: JsonObject;
  /** The second part of the record's key: of a limit, the workspace whose it is. */
  readonly whose: string | null;
}

/** Lists as they were last read: an assistant asks for the same one many times before the next sync. */
const ofRevision = new WeakMap<Revision, Map<string, readonly CurrentObject[]>>();

async function currentObjects(
  tx: Tx,
  scope: OperationContext["scope"],
  kind: ObjectKind,
  organizationId: string,
): Promise<readonly CurrentObject[]> {
  const revision = await revisionOf(tx, scope);
  const kept =
    revision === null ? undefined : (ofRevision.get(revision) ?? new Map<string, readonly CurrentObject[]>());
  if (revision !== null && kept !== undefined) ofRevision.set(revision, kept);
  const place = `${kind} ${organizationId}`;
  const before = kept?.get(place);
  if (before !== undefined) return before;
  const objects: CurrentObject[] = [];
  for await (const version of storedVersions(tx, scope, { stream: kind, organizationId, currentOnly: true })) {
    if (version.state !== "rec") continue;
    const [, whose = null] = JSON.parse(version.nk) as (string | null)[];
    objects.push(...dataOf(version).map((object) => ({ object, whose })));
  }
  kept?.set(place, objects);
  return objects;
}

/** The objects of a record; of a conflicted one, all that were given. None of an erased one. */
function dataOf({ payload }: StoredVersion): JsonObject[] {
  if (payload === null) return [];
  const { data } = JSON.parse(payload) as { readonly data: Json };
  const list = Array.isArray(data) ? (data as readonly Json[]) : [data];
  return list.filter(isJsonObject).map(plainObject);
}
