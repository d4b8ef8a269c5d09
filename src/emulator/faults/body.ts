import { gzipSync } from "node:zlib";
import type { Reply } from "../server/reply.ts";
import type { FaultKind } from "./fault.ts";
import { FaultError, numberParam } from "./fault.ts";
import { goodBody } from "./json-text.ts";

const HTML = `<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body>
<h1>Welcome</h1><p>Please accept the terms to go on.</p></body></html>`;

const MEGABYTE = 1_048_576;

const asBytes = (reply: Reply): Buffer => Buffer.from(reply.body);

export const bodyFaults: readonly FaultKind[] = [
  {
    id: "F25",
    name: "html-page",
    description: "200 with a page of HTML, as a proxy or captive portal sends",
    side: "upstream",
    times: 1,
    answer: () => ({ status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: HTML }),
  },
  {
    id: "F26",
    name: "empty-answer",
    description: "200 without a body and 204, in turn",
    side: "upstream",
    times: 2,
    params: { status: "200 or 204 for all" },
    answer: ({ nth, params }) => {
      const status = numberParam(params, "status", nth % 2 === 0 ? 200 : 204);
      if (status !== 200 && status !== 204) throw new FaultError("parameter status should be 200 or 204");
      return { status, headers: { "content-type": "application/json" }, body: "" };
    },
  },
  {
    id: "F27",
    name: "huge-body",
    description: "a gzip bomb: a good answer padded with blanks far beyond 64 MB",
    side: "upstream",
    times: 1,
    params: { megabytes: "size when unpacked, 200 by default", plain: "true: sent without gzip" },
    change: (reply, { params }) => {
      const megabytes = numberParam(params, "megabytes", 200);
      if (params["plain"] === "true") {
        const body = Buffer.alloc(megabytes * MEGABYTE + asBytes(reply).byteLength, " ");
        asBytes(reply).copy(body, megabytes * MEGABYTE);
        return { ...reply, body };
      }
      // Gzip allows members one after another, so the bomb is built without ever being held unpacked.
      const blanks = gzipSync(Buffer.alloc(MEGABYTE, " "));
      const members = [...Array.from({ length: megabytes }, () => blanks), gzipSync(asBytes(reply))];
      return {
        ...reply,
        headers: { ...reply.headers, "content-encoding": "gzip" },
        body: Buffer.concat(members),
      };
    },
  },
  {
    id: "F28",
    name: "wrong-content-type",
    description: "good JSON called text/plain",
    side: "upstream",
    change: (reply) => ({ ...reply, headers: { ...reply.headers, "content-type": "text/plain" } }),
  },
  {
    id: "F29",
    name: "error-in-200",
    description: "200 with an error object inside",
    side: "upstream",
    times: 1,
    answer: ({ call }) => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        type: "error",
        error: { type: "api_error", message: "Internal server error", details: null },
        request_id: call.requestId,
      }),
    }),
  },
  {
    id: "F30",
    name: "truncated-json",
    description: "JSON cut in the middle under a content-length that fits",
    side: "upstream",
    times: 1,
    change: (reply) => {
      const body = asBytes(reply);
      return { ...reply, body: body.subarray(0, Math.floor(body.byteLength / 2)) };
    },
  },
  {
    id: "F31",
    name: "invalid-utf8",
    description: "bytes that are not UTF-8 inside a string",
    side: "upstream",
    times: 1,
    change: (reply) => {
      const text = asBytes(reply).toString();
      // Just before the quote that ends the first string value.
      const inside = /":"[^"]*/.exec(text);
      const at = inside === null ? 0 : inside.index + inside[0].length;
      const bad = Buffer.from([0xff, 0xfe, 0xc3]);
      return { ...reply, body: Buffer.concat([Buffer.from(text.slice(0, at)), bad, Buffer.from(text.slice(at))]) };
    },
  },
  {
    id: "F32",
    name: "byte-order-mark",
    description: "good JSON behind a byte order mark",
    side: "upstream",
    change: (reply) => ({ ...reply, body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), asBytes(reply)]) }),
  },
  {
    id: "F45",
    name: "wrong-top-level",
    description: "an array and a string instead of the object, in turn",
    side: "upstream",
    times: 2,
    params: { shape: "array or string for all" },
    change: (reply, { nth, params }) => {
      const body = goodBody(reply);
      if (body === undefined) return reply;
      const shape = params["shape"] ?? (nth % 2 === 0 ? "array" : "string");
      if (shape !== "array" && shape !== "string") throw new FaultError("parameter shape should be array or string");
      const value = shape === "array" ? (body["data"] ?? [body]) : "Service operating normally";
      return { ...reply, body: JSON.stringify(value) };
    },
  },
];
