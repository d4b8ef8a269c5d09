import { z } from "zod";

import { catalog, KEY_FLAGS } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { capped } from "../record/members.ts";
import { loose, trust, trustOf, trustWords } from "../record/trust.ts";
import { counted, listed, paragraphs, quoted } from "../record/words.ts";

export const keyHygiene = defineTool({
  name: "key_hygiene",
  title: "Key hygiene",
  description:
    "API keys that need care: who made and owns each, its last use, and how many keys have each flag. Use it for who has a key nobody used, whose keys outlived them. For the plain list use claude_code_list_api_keys.",
  input: z.object({
    flag: z.enum(KEY_FLAGS).default("never_used"),
    status: z.enum(["active", "inactive", "archived", "expired", "any"]).default("active"),
  }),
  output: z.object({ counts: loose, hidden: z.int(), keys: z.array(loose), ...trust }),
  permission: "read",
  effect: "read",
  past: true,
  list: "keys",
  async run(call, { flag, status }) {
    const asked = { flag, limit: 5000, sort: "createdAt", order: "asc" } as const;
    const found = await call.ask(await catalog.listApiKeys(), {
      ...asked,
      ...(status === "any" ? {} : { status }),
    });
    const keys = found.rows.map((row) => ({
      keyId: row.keyId,
      name: capped(row.name),
      workspace: row.workspace === null ? null : capped(row.workspace),
      status: row.status,
      createdAt: row.createdAt,
      creator: { kind: row.creator.kind, name: row.creator.name && capped(row.creator.name), email: row.creator.email },
      owner: { kind: row.owner.kind, name: row.owner.name && capped(row.owner.name) },
      lastUsed: row.lastUsed,
      unusedDays: row.unusedDays,
      flags: row.flags,
    }));
    const counts = Object.fromEntries(found.flags.map((one) => [one.flag, one.keys]));
    const others = found.flags.filter((one) => one.keys > 0).map((one) => `${one.flag} ${one.keys}`);
    return {
      text: paragraphs(
        `${counted(keys.length, `${status === "any" ? "" : `${status} `}key`)}: ${flag.replaceAll("_", " ")}.`,
        listed(
          keys.map(({ keyId, name, workspace, creator, owner, createdAt, lastUsed }) => {
            const made = `made ${createdAt?.slice(0, 10) ?? "at an unknown time"} by ${quoted(creator.email ?? creator.name, creator.kind.replaceAll("_", " "))}`;
            const owned = owner.kind === "unmapped" ? "without an owner" : `of ${quoted(owner.name)}`;
            return `${quoted(name)} (${keyId}, ${quoted(workspace, "default workspace")}): ${made}, ${owned}, ${lastUsed === null ? "not used in 400 days" : `last used ${lastUsed}`}`;
          }),
        ),
        found.hidden > 0
          ? `${counted(found.hidden, "key")} of people are not shown to you; the counts include them.`
          : null,
        others.length === 0 ? null : `Active keys by flag: ${others.join(", ")}.`,
        found.listReadAt === null ? null : `The list of keys was read at ${found.listReadAt}.`,
        trustWords(found),
      ),
      data: { counts, hidden: found.hidden, listReadAt: found.listReadAt, keys, ...trustOf(found) },
    };
  },
});
