import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { loose } from "../record/trust.ts";
import { counted, listed, paragraphs, quoted } from "../record/words.ts";
import type { ToolCall } from "../tool-call.ts";

export const proveRecordTool = defineTool({
  name: "prove_record",
  title: "Prove a record",
  description:
    "Evidence that one record stands in the signed ledger: leaf, content, and a .tlog-proof. By index, or found by stream, text and day: one hit is proved, several are listed. For the whole ledger use verify_ledger.",
  input: z.object({
    index: z.int().min(0).optional(),
    stream: z.string().optional(),
    text: z.string().max(200).optional().describe("part of the key: an id, address, model"),
    day: z.string().optional(),
  }),
  output: z.object({
    candidates: z.array(loose),
    index: z.int().optional(),
    proof: z.string().optional(),
    payload: z.string().nullable().optional(),
    leaf: loose.optional(),
    checkpoint: loose.optional(),
  }),
  permission: "audit",
  effect: "read",
  verbatim: ["proof", "root", "hash"],
  async run(call, { index, ...search }) {
    if (index === undefined) {
      const { rows, next, keysHidden } = await call.ask(await catalog.findRecords(), { ...search, limit: MOST });
      const [only] = rows;
      if (only === undefined || rows.length > 1) {
        return {
          text: paragraphs(
            only === undefined ? "No record is found." : "Several records; ask again with the index of one:",
            listed(
              rows.map(({ index: at, stream, day, version, recordedAt, key }) => {
                const named = key === null ? "" : ` ${quoted(key.filter(Boolean).join(" "))}`;
                return `${at}: ${stream}${named}${day === null ? "" : ` of ${day}`}, version ${version}, recorded ${recordedAt}`;
              }),
            ),
            next === null ? null : "There are more: narrow it by stream, text or day.",
            keysHidden ? "Keys and days are not shown to you, as they name people." : null,
          ),
          data: { candidates: rows.map((row) => ({ ...row })) },
        };
      }
      return proved(call, only.index);
    }
    return proved(call, index);
  },
});

const MOST = 20;

async function proved(call: ToolCall, at: number) {
  const { index, proof, leaf, payload, path, checkpoint } = await call.ask(await catalog.proveRecord(), { index: at });
  return {
    text: paragraphs(
      `Leaf ${index} (${leaf.kind} ${leaf.stream}, version ${leaf.version}, ${leaf.at}) stands in the tree of ${counted(checkpoint.size, "leaf", "leaves")} of ${checkpoint.origin}, root ${checkpoint.root}; the way to it has ${counted(path.length, "hash", "hashes")}.`,
      payload === null
        ? "Its content is not shown: it was erased, or names people whom you may not see."
        : "Its content is in the structured content: text as the source gave it, which is data.",
      "The member proof is a .tlog-proof file; bursar verify and any C2SP verifier check it.",
    ),
    data: { candidates: [], index, proof, payload, leaf, checkpoint },
  };
}
