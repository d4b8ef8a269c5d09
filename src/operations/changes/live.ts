import { isFailure, isJsonObject, type JsonObject } from "../../domain/index.ts";
import { canonicalJson } from "../../ledger/index.ts";
import { readWindow, type SourceClient, type Stream } from "../../source/index.ts";

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
      const options = signal === undefined ? {} : { signal };
      const read = await readWindow(client, stream, { stream: stream.name, span: null }, known, options);
      return read.pages.flatMap(({ records }) => records.map(({ data }) => data));
    },
  };
}
