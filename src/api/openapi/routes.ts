import { createHash } from "node:crypto";

import { Hono } from "hono";

import type { ApiContext, ApiEnv } from "../env.ts";
import { openApiDocument } from "./document.ts";
import { referencePage } from "./reference-page.ts";
import { REFERENCE_STYLE } from "./reference-style.ts";

/** `/api/openapi.json` and `/api/reference`: made at the first request, the same for everybody, no secret in them. */
export function openApiRoutes(version: string): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  let document: ReturnType<typeof openApiDocument> | undefined;
  const made = () => (document ??= openApiDocument(version));
  app.get("/api/openapi.json", async (c) => send(c, JSON.stringify(await made()), "application/json; charset=utf-8"));
  app.get("/api/reference", async (c) => send(c, referencePage(await made()), "text/html; charset=utf-8"));
  app.get("/api/reference.css", (c) => send(c, REFERENCE_STYLE, "text/css; charset=utf-8"));
  // The address of a kind of problem leads to where problems are told.
  app.get("/problems/:code", (c) => c.redirect("/api/reference#problems", 302));
  return app;
}

function send(c: ApiContext, body: string, contentType: string): Response {
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`;
  const headers = { etag, "cache-control": "no-cache", "content-type": contentType };
  if (c.req.header("if-none-match") === etag) return c.body(null, 304, headers);
  return c.body(body, 200, headers);
}
