import { isFailure, isJsonObject, normalizedEmail, type Json, type JsonObject } from "../../domain/index.ts";
import { canonicalJson } from "../../ledger/index.ts";
import { readWindow, type SourceClient, type Stream } from "../../source/index.ts";
import type { Look } from "./define-change.ts";
import { STATE_OF } from "./states.ts";

/** Anthropic as it is now, read with the reader's client. Nothing of it is recorded. */
export interface Live {
  /** The object at this address, or null when there is none. */
  find(path: string): Promise<JsonObject | null>;
  /** All of a list. */
  list(path: string, asked?: ListAsked): Promise<readonly JsonObject[]>;
}

export interface ListAsked {
  readonly query?: readonly (readonly [string, string])[];
  /** How the list is paged; lists of people, workspaces and keys by id. */
  readonly paging?: "by_id" | "cursor";
  readonly beta?: string;
}

const ROOT = "/v1/organizations";

/** @param signal ends the reading; after something was sent there is none: its outcome must be found. */
export function liveOf(client: SourceClient, organizationId: string, signal?: AbortSignal): Live {
  return {
    async find(path) {
      try {
        return (await client.get({ path: `${ROOT}${path}`, query: [] }, signal)).body;
      } catch (thrown) {
        if (isFailure(thrown, "source.not_found")) return null;
        throw thrown;
      }
    },
    async list(path, { query = [], paging = "by_id", beta } = {}) {
      const stream: Stream = {
        name: "asked",
        title: "asked",
        endpoint: `GET ${ROOT}${path}`,
        docs: "https://platform.claude.com/docs/en/api/admin",
        shape: { kind: "list", after: [] },
        paging,
        requests: () => [
          {
            path: `${ROOT}${path}`,
            query: [...query, ["limit", "1000"]],
            ...(beta === undefined ? {} : { beta }),
          },
        ],
        records: (body) => {
          const data = body["data"];
          const objects = Array.isArray(data) ? data.filter(isJsonObject) : [];
          // Members of a workspace have no id of their own.
          return objects.map((object) => ({ day: null, key: [object["id"] ?? canonicalJson(object)], data: object }));
        },
        tables: [],
        rows: () => [],
      };
      const known = { organizationId, ids: () => [] };
      const read = await readWindow(client, stream, { stream: stream.name, span: null }, known, {
        ...(signal === undefined ? {} : { signal }),
      });
      return read.pages.flatMap(({ records }) => records.map(({ data }) => data));
    },
  };
}

/**
 * The object that a step is about, as it is now, or null when there is none.
 *
 * @param made what Anthropic answered with, where it answered: it names what was made
 */
export async function lookAt(live: Live, look: Look, made: JsonObject | null): Promise<JsonObject | null> {
  if (look.by === "object") {
    const found = await live.find(look.path);
    return found === null ? null : STATE_OF[look.as](found);
  }
  const listed = await live.list(look.path, {
    query: look.query,
    paging: look.paging,
    ...(look.beta === undefined ? {} : { beta: look.beta }),
  });
  const madeId = made?.["id"];
  const found = listed.find((object) =>
    typeof madeId === "string"
      ? object["id"] === madeId
      : hasAll(object, look.where) && !look.known.includes(String(object["id"])),
  );
  return found === undefined ? null : STATE_OF[look.as](found);
}

/** Ids of the objects in a list that are as said. */
export function idsWhere(listed: readonly JsonObject[], where: JsonObject): string[] {
  return listed.filter((object) => hasAll(object, where)).map((object) => String(object["id"]));
}

/** Whether an object has all these members. E-mails are compared as addresses are. */
export function hasAll(object: JsonObject, where: JsonObject): boolean {
  return Object.entries(where).every(([name, value]) => isSame(object[name], value, name === "email"));
}

/** The members that matter, in the order asked for. One that is missing is left out. */
export function picked(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (name in object ? [[name, object[name] ?? null] as const] : [])));
}

function isSame(one: Json | undefined, other: Json, isEmail: boolean): boolean {
  if (isEmail && typeof one === "string" && typeof other === "string")
    return normalizedEmail(one) === normalizedEmail(other);
  if (isJsonObject(one) && isJsonObject(other)) return hasAll(one, other);
  return one !== undefined && canonicalJson(one) === canonicalJson(other);
}
