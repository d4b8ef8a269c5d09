import type { Directory, Workspace } from "../../world/types.ts";
import { isRecord } from "../body.ts";
import type { Body } from "../body.ts";
import type { Context } from "../endpoint.ts";
import { defineEndpoint } from "../endpoint.ts";
import { timestamp } from "../ids.ts";
import { ID_PAGING, pageById } from "../paging.ts";
import { badField, notFound, Problem } from "../problem.ts";

const PATH = "/v1/organizations/workspaces";
const MOST_ACTIVE = 100;
const GEOS = ["global", "us"] as const;

export const workspaceEndpoints = [
  defineEndpoint({
    name: "workspaces",
    method: "GET",
    path: PATH,
    paging: "id",
    query: [...ID_PAGING, "include_archived", "include_default", "ids[]"],
    answer: ({ query, world }) => {
      const archived = query.boolean("include_archived");
      const withDefault = query.boolean("include_default");
      const ids = query.list("ids");
      if (ids.length > 100) throw badField("ids[]", "List should have at most 100 items");
      const { directory } = world;
      const workspaces = directory.workspaces
        .filter(
          (workspace) =>
            (archived || workspace.archived_at === null) &&
            (withDefault || workspace.id !== directory.defaultWorkspaceId) &&
            (ids.length === 0 || ids.includes(workspace.id)),
        )
        .sort((a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : a.id < b.id ? -1 : 1));
      return pageById(workspaces, query, (workspace) => workspace.id);
    },
  }),
  defineEndpoint({
    name: "workspaces",
    method: "GET",
    path: `${PATH}/{workspace_id}`,
    answer: ({ at, world }) => findWorkspace(world.directory, at["workspace_id"]),
  }),
  defineEndpoint({ name: "workspaces", method: "POST", path: PATH, answer: createWorkspace }),
  defineEndpoint({ name: "workspaces", method: "POST", path: `${PATH}/{workspace_id}`, answer: updateWorkspace }),
  defineEndpoint({
    name: "workspaces",
    method: "POST",
    path: `${PATH}/{workspace_id}/archive`,
    answer: archiveWorkspace,
  }),
];

/** @throws Problem 404 when no workspace, archived ones included, has this id. */
export function findWorkspace(directory: Directory, id: string | undefined): Workspace {
  const workspace = directory.workspaces.find((candidate) => candidate.id === id);
  if (workspace === undefined) throw notFound("Workspace not found");
  return workspace;
}

/** A workspace that can be changed. */
export function findOpenWorkspace(directory: Directory, id: string | undefined): Workspace {
  const workspace = findWorkspace(directory, id);
  if (workspace.archived_at !== null) throw new Problem(400, "An archived workspace cannot be changed");
  return workspace;
}

function createWorkspace({ body, world, now, newId }: Context): Workspace {
  body.allow(["name", "data_residency", "display_color", "external_key_id", "tags", "user_profile_id"]);
  const { directory } = world;
  const name = body.requiredText("name", { min: 1, max: 40 });
  const residency = readResidency(body, ["workspace_geo", "allowed_inference_geos", "default_inference_geo"]);
  refuseForeignReferences(body);
  const workspace: Workspace = {
    id: newId("wrkspc"),
    type: "workspace",
    name,
    created_at: timestamp(now),
    archived_at: null,
    display_color: readColor(body) ?? "#6C5BB9",
    data_residency: mergeResidency(
      { workspace_geo: "us", allowed_inference_geos: "unrestricted", default_inference_geo: "global" },
      residency,
    ),
    compartment_id: compartmentId(newId("compartment")),
    external_key_id: null,
    tags: mergeTags({}, body),
    user_profile_id: null,
  };
  const active = directory.workspaces.filter((other) => other.archived_at === null);
  if (active.length >= MOST_ACTIVE) {
    throw new Problem(400, `An organization can have at most ${MOST_ACTIVE} active workspaces`);
  }
  directory.workspaces.push(workspace);
  return workspace;
}

function updateWorkspace({ at, body, world }: Context): Workspace {
  body.allow(["name", "data_residency", "display_color", "external_key_id", "tags", "user_profile_id"]);
  const name = body.text("name", { min: 1, max: 40 });
  const residency = readResidency(body, ["allowed_inference_geos", "default_inference_geo"]);
  const color = readColor(body);
  refuseForeignReferences(body);
  const workspace = findOpenWorkspace(world.directory, at["workspace_id"]);
  if (name !== undefined && workspace.id === world.directory.defaultWorkspaceId) {
    throw badField("name", "The default workspace cannot be renamed");
  }
  const merged = mergeResidency(workspace.data_residency, residency);
  const tags = mergeTags(workspace.tags, body);
  workspace.name = name ?? workspace.name;
  workspace.display_color = color ?? workspace.display_color;
  workspace.data_residency = merged;
  workspace.tags = tags;
  return workspace;
}

/** Irreversible: every key of the workspace is revoked at once. */
function archiveWorkspace({ at, world, now }: Context): Workspace {
  const { directory } = world;
  const workspace = findOpenWorkspace(directory, at["workspace_id"]);
  if (workspace.id === directory.defaultWorkspaceId) {
    throw new Problem(400, "The default workspace cannot be archived");
  }
  workspace.archived_at = timestamp(now);
  for (const key of directory.apiKeys) {
    if (key.scope.type === "workspace" && key.scope.workspace_id === workspace.id) key.status = "archived";
  }
  return workspace;
}

function readColor(body: Body): string | undefined {
  const color = body.text("display_color");
  if (color !== undefined && !/^#[0-9A-Fa-f]{6}$/.test(color)) {
    throw badField("display_color", "String should match pattern '^#[0-9A-Fa-f]{6}$'");
  }
  return color;
}

/** Neither external keys nor user profiles exist here, so an id of one is always unknown. */
function refuseForeignReferences(body: Body): void {
  if (body.text("external_key_id") !== undefined) throw badField("external_key_id", "External key not found");
  if (body.text("user_profile_id") !== undefined) {
    throw new Problem(400, "user_profile_id: User profile not found", { code: "user_profile_not_found" });
  }
}

type Residency = Workspace["data_residency"];

function readResidency(body: Body, members: readonly string[]): Partial<Residency> {
  const given = body.record("data_residency");
  if (given === undefined) return {};
  const residency: Partial<Residency> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!members.includes(name)) throw badField(`data_residency.${name}`, "Extra inputs are not permitted");
    if (value === null) continue;
    if (name === "allowed_inference_geos") residency.allowed_inference_geos = readGeos(value);
    else if (name === "workspace_geo" && value === "us") residency.workspace_geo = value;
    else if (name === "default_inference_geo" && isGeo(value)) residency.default_inference_geo = value;
    else throw badField(`data_residency.${name}`, "Unknown geography");
  }
  return residency;
}

function readGeos(value: unknown): Residency["allowed_inference_geos"] {
  if (value === "unrestricted") return value;
  if (Array.isArray(value) && value.length > 0 && value.every(isGeo)) return value;
  throw badField("data_residency.allowed_inference_geos", "Input should be 'unrestricted' or a list of geographies");
}

const isGeo = (value: unknown): value is string => GEOS.some((geo) => geo === value);

function mergeResidency(before: Residency, change: Partial<Residency>): Residency {
  const merged = { ...before, ...change };
  const allowed = merged.allowed_inference_geos;
  if (allowed !== "unrestricted" && !allowed.includes(merged.default_inference_geo)) {
    throw badField("data_residency.default_inference_geo", "Input should be among allowed_inference_geos");
  }
  return merged;
}

/** A null value removes its tag. */
function mergeTags(before: Readonly<Record<string, string>>, body: Body): Record<string, string> {
  const given = body.raw("tags");
  if (given === undefined || given === null) return { ...before };
  if (!isRecord(given)) throw badField("tags", "Input should be a valid object");
  const tags = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("anthropic")) throw badField(`tags.${name}`, "Keys may not start with 'anthropic'");
    if (value === null) tags.delete(name);
    else if (typeof value === "string") tags.set(name, value);
    else throw badField(`tags.${name}`, "Input should be a valid string");
  }
  return Object.fromEntries(tags);
}

/** A UUID made from an invented id. */
function compartmentId(id: string): string {
  const hex = Buffer.from(id).toString("hex").slice(-32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
