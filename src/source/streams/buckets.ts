import { isJsonObject, type JsonObject, type Json } from "../../domain/index.ts";
import { bucketDay, bucketKey, describe, keyPart, objectsOf } from "../read.ts";
import { dataOf, organizationOf } from "../request.ts";
import type { RecordDraft, UpstreamRequest } from "../types.ts";

/** The results of a report's buckets, one record each; its key is the bucket's start and every grouped value. */
export function bucketRecords(
  body: JsonObject,
  request: UpstreamRequest,
  groups: readonly string[],
  odd: (what: string) => void,
): RecordDraft[] {
  const drafts: RecordDraft[] = [];
  for (const bucket of objectsOf(dataOf(body), (what) => odd(`data: ${what}`))) {
    const results = bucket["results"];
    if (!Array.isArray(results)) {
      odd(`a bucket's results: ${describe(results)} where a list belongs`);
      continue;
    }
    for (const data of objectsOf(results as readonly Json[], (what) => odd(`results: ${what}`))) {
      drafts.push({
        // Without a readable start nobody knows the day: the record is kept, and no row stands for it.
        day: bucketDay(bucket["starting_at"], null),
        key: [
          organizationOf(request),
          bucketKey(bucket["starting_at"]),
          ...groups.map((group) => keyPart(data, group)),
        ],
        data,
      });
    }
  }
  return drafts;
}

/** The objects of a list, one record each; its key is the object's id. */
export function listRecords(
  body: JsonObject,
  request: UpstreamRequest,
  ids: readonly string[],
  odd: (what: string) => void,
): RecordDraft[] {
  return objectsOf(dataOf(body), (what) => odd(`data: ${what}`)).map((data) => ({
    day: null,
    key: [organizationOf(request), ...ids.map((id) => keyPart(data, id))],
    data,
  }));
}

/** `data_refreshed_at` of an analytics page in ms, or null. */
export function refreshedAt(body: JsonObject): number | null {
  const text = isJsonObject(body) ? body["data_refreshed_at"] : null;
  const ms = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
