import { Failure } from "../../domain/index.ts";
import { listConnections, listOrganizations, type ConnectionRow } from "../../store/index.ts";
import type { OperationContext } from "../context.ts";

/** One Anthropic organization of the tenant, with the connections that read it. */
export interface KnownOrganization {
  readonly id: string;
  /** As it was called when it was connected; empty where only records of it are left. */
  readonly name: string;
  readonly connections: readonly ConnectionRow[];
}

/**
 * The organizations that a question is about: all, or the one of this id, name or connection.
 *
 * @throws Failure `store.no_connection` where there is none at all, `input.unknown_value` for one that is not known
 */
export async function organizationsAsked(
  { store, scope }: Pick<OperationContext, "store" | "scope">,
  asked: string | undefined,
): Promise<readonly KnownOrganization[]> {
  const { connections, held } = await store.read(async (tx) => ({
    connections: await listConnections(tx, scope),
    held: await listOrganizations(tx, scope),
  }));
  const ids = new Set([...connections.map(({ organizationId }) => organizationId), ...held]);
  const known = [...ids].map((id): KnownOrganization => {
    const own = connections.filter(({ organizationId }) => organizationId === id);
    return {
      id,
      name: own.find(({ organizationName }) => organizationName !== "")?.organizationName ?? "",
      connections: own,
    };
  });
  if (known.length === 0) throw new Failure("store.no_connection");
  if (asked === undefined) return known;
  const needle = asked.trim().toLowerCase();
  const found = known.filter(({ id, name, connections: own }) =>
    [id, name, ...own.map((row) => row.name)].some((text) => text.toLowerCase() === needle),
  );
  if (found.length > 0) return found;
  const choices = known.map(({ id, name }) => (name === "" ? id : `${name} (${id})`)).join(", ");
  throw new Failure("input.unknown_value", { field: "organization", value: asked, choices });
}

/**
 * The connection that may be asked about an organization now.
 *
 * @throws Failure `input.invalid` where no key of it is left
 */
export function liveConnection({ id, name, connections }: KnownOrganization): ConnectionRow {
  const usable = connections.filter(({ state }) => state !== "disconnected");
  // One whose key was refused is tried last: it may be good again, and what upstream says is the better message.
  const [first] = [
    ...usable.filter(({ state, kind }) => state === "active" && kind === "admin"),
    ...usable.filter(({ state }) => state === "active"),
    ...usable,
  ];
  if (first !== undefined) return first;
  throw new Failure("input.invalid", {
    field: "live",
    problem: `there is no key of ${name === "" ? id : name} any more`,
    remedy: "Ask without live: what was recorded stays readable.",
  });
}
