import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import type { ApiEnv } from "../api/index.ts";
import type { Log } from "../domain/index.ts";
import type { WitnessAnswer, WitnessFolder } from "./witness-folder.ts";

const LONGEST = 64 * 1024;

/** A witness over HTTP (C2SP tlog-witness): `POST /add-checkpoint`, and a page that tells its vkey. */
export function witnessServer(witness: WitnessFolder, log: Log): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.use(async (c, next) => {
    await next();
    c.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    c.header("x-content-type-options", "nosniff");
    c.header("cache-control", "no-store");
  });
  const limit = bodyLimit({ maxSize: LONGEST, onError: (c) => c.text("This is longer than any checkpoint.\n", 413) });
  app.post("/add-checkpoint", limit, async (c) => {
    const answer = await witness.answer(await c.req.text());
    if (answer.verdict === "cosigned") return c.text(answer.lines, 200);
    log("info", "witness.refused", { verdict: answer.verdict });
    if (answer.verdict === "conflict") {
      return c.body(`${answer.size}\n`, 409, { "content-type": "text/x.tlog.size" });
    }
    const { status, says } = REFUSALS[answer.verdict];
    return c.text(`${says}\n`, status);
  });
  app.get("/", async (c) => {
    const watched = await witness.watched();
    const rows = watched.map(({ origin, size }) => `<li><code>${escaped(origin)}</code>: ${size} leaves</li>`);
    return c.html(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(witness.name)}</title>
<h1>Witness ${escaped(witness.name)}</h1>
<p>It cosigns checkpoints of the logs below, each of one history only, by C2SP tlog-witness at <code>add-checkpoint</code>.</p>
<h2>Its public key (vkey)</h2><pre>${escaped(witness.vkey)}</pre>
<h2>Logs, and how far it has seen them</h2><ul>${rows.join("") || "<li>none yet</li>"}</ul></html>`,
    );
  });
  app.onError((thrown, c) => {
    // What was seen before cannot be read or kept: nothing is signed, whatever was asked.
    log("error", "witness.failed", { problem: thrown instanceof Error ? thrown.name : "unknown" });
    return c.text("This witness cannot answer now.\n", 500);
  });
  return app;
}

const REFUSALS = {
  unreadable: { status: 400, says: "This is no old size, consistency proof and checkpoint." },
  unknown_origin: { status: 404, says: "This log is not watched here." },
  unknown_key: { status: 403, says: "No key that is known here has signed this checkpoint." },
  inconsistent: { status: 422, says: "The proof does not lead from what was seen to this checkpoint." },
} as const satisfies Record<
  Exclude<WitnessAnswer["verdict"], "cosigned" | "conflict">,
  { readonly status: number; readonly says: string }
>;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
