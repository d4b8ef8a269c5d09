import type { ApiKey } from "../../world/types.ts";
import type { ReadableWorld } from "../other-organization.ts";
import type { ApiVersion, Context } from "../endpoint.ts";
import { defineEndpoint } from "../endpoint.ts";
import { ID_PAGING, pageById } from "../paging.ts";
import { badField, notFound } from "../problem.ts";

const PATH = "/v1/organizations/api_keys";

export const apiKeyEndpoints = [
  defineEndpoint({
    name: "api_keys",
    method: "GET",
    path: PATH,
    paging: "id",
    query: [...ID_PAGING, "status", "workspace_id", "created_by_user_id"],
    answer: ({ query, version, world, now }) => {
      const status = query.choice("status", ["active", "inactive", "archived", "expired"]);
      const workspaceId = query.text("workspace_id");
      const creator = query.text("created_by_user_id");
      const keys = world.directory.apiKeys
        .map((key) => asOf(key, now))
        .filter(
          (key) =>
            (status === undefined || key.status === status) &&
            (workspaceId === undefined || (key.scope.type === "workspace" && key.scope.workspace_id === workspaceId)) &&
            (creator === undefined || (key.created_by?.type === "user" && key.created_by.id === creator)),
        )
        .sort((a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : a.id < b.id ? -1 : 1));
      const page = pageById(keys, query, (key) => key.id);
      return { ...page, data: page.data.map((key) => inVersion(key, version)) };
    },
  }),
  defineEndpoint({
    name: "api_keys",
    method: "GET",
    path: `${PATH}/{api_key_id}`,
    answer: ({ at, version, world, now }) => inVersion(asOf(findKey(world, at["api_key_id"]), now), version),
  }),
  defineEndpoint({ name: "api_keys", method: "POST", path: `${PATH}/{api_key_id}`, answer: updateKey }),
];

function updateKey({ at, body, version, world, now }: Context): unknown {
  body.allow(["name", "status"]);
  const name = body.text("name", { min: 1, max: 500 });
  const status = body.choice("status", ["active", "inactive", "archived"]);
  const key = findKey(world, at["api_key_id"]);
  const current = asOf(key, now).status;
  if (status !== undefined && status !== current && (current === "archived" || current === "expired")) {
    throw badField("status", `A key that is ${current} stays so`);
  }
  key.name = name ?? key.name;
  key.status = status ?? key.status;
  return inVersion(asOf(key, now), version);
}

function findKey(world: ReadableWorld, id: string | undefined): ApiKey {
  const key = world.directory.apiKeys.find((candidate) => candidate.id === id);
  if (key === undefined) throw notFound("API key not found");
  return key;
}

/** The server turns an active key to expired when its time has come. */
function asOf(key: ApiKey, now: number): ApiKey {
  const expired = key.expires_at !== null && Date.parse(key.expires_at) <= now;
  return expired && (key.status === "active" || key.status === "inactive") ? { ...key, status: "expired" } : key;
}

/** `workspace_id` went away with 2026-10-21. */
function inVersion(key: ApiKey, version: ApiVersion): unknown {
  if (version === "2023-06-01") return key;
  const { workspace_id: _, ...rest } = key;
  return rest;
}
