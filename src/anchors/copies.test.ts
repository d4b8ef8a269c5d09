import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { outboundHere, startService } from "../../test/support/outside.ts";
import { copyByMail, copyToFolder, copyToWebhook, isMailAddress, type Frozen } from "./index.ts";

const frozen: Frozen = {
  origin: "ledger.example/test-org",
  size: 8,
  note: "ledger.example/test-org\n8\nAAAA\n\n— ledger.example/test-org line\n",
  digest: Buffer.alloc(32),
};
const nobody = undefined as never;
let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "bursar-copies-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe("a folder", () => {
  it("gets each checkpoint as a file that is never written again", async () => {
    const copy = copyToFolder(join(dir, "auditor"), "acme");
    expect(await copy.hand(frozen, nobody)).toEqual({ state: "copied", proof: null, facts: { to: "folder" } });
    await copy.hand(frozen, nobody);
    const path = join(dir, "auditor", "acme");
    expect(await readdir(path)).toEqual(["8.checkpoint"]);
    expect(await readFile(join(path, "8.checkpoint"), "utf8")).toBe(frozen.note);
    await expect(copy.hand({ ...frozen, note: "another" }, nobody)).rejects.toThrow("another checkpoint of this size");
    expect(await readFile(join(path, "8.checkpoint"), "utf8")).toBe(frozen.note);
  });

  it("that cannot be written is tried again", async () => {
    await writeFile(join(dir, "file"), "");
    await expect(copyToFolder(join(dir, "file"), "acme").hand(frozen, nobody)).rejects.toMatchObject({
      code: "anchor.unreachable",
    });
  });
});

describe("a webhook", () => {
  it("is posted the checkpoint, and is tried again unless it says that it took it", async () => {
    const service = await startService(() => ({ status: 204 }));
    const outbound = outboundHere();
    const copy = copyToWebhook(outbound, new URL("/keep?secret=1", service.url));
    expect((await copy.hand(frozen, nobody)).state).toBe("copied");
    const { origin, size, note } = frozen;
    expect(service.asked[0]?.path).toBe("/keep?secret=1");
    expect(JSON.parse(service.asked[0]?.body.toString() ?? "")).toEqual({
      source: "bursar",
      kind: "checkpoint",
      origin,
      size,
      checkpoint: note,
    });
    for (const answer of [{ status: 500 }, { status: 302, headers: { location: "/x" } }]) {
      service.answer = () => answer;
      await expect(copy.hand(frozen, nobody)).rejects.toMatchObject({ code: "anchor.unreachable" });
    }
    await outbound.close();
    await service.close();
  });
});

describe("mail", () => {
  const program = async (name: string, script: string) => {
    const path = join(dir, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o700);
    return path;
  };
  const send = (path: string, timeoutMs = 5_000) =>
    copyByMail({ program: path, to: "auditor@example.com", timeoutMs }).hand(frozen, nobody);

  it("goes to the machine's mail program, the receiver as an argument that is no option", async () => {
    const path = await program("sendmail", `echo "$@" > ${dir}/arguments; cat > ${dir}/message`);
    expect((await send(path)).state).toBe("copied");
    expect(await readFile(join(dir, "arguments"), "utf8")).toBe("-i -- auditor@example.com\n");
    const message = await readFile(join(dir, "message"), "utf8");
    expect(message).toContain(
      "To: <auditor@example.com>\nSubject: Checkpoint of ledger.example/test-org at 8 leaves\n",
    );
    expect(message).toContain(`-----\n${frozen.note}-----\n`);
  });

  it.each([
    ["is not there", "/nonexistent/sendmail", "ENOENT"],
    ["refuses", "exit 75", "ended with 75"],
    ["hangs", "exec sleep 10", "not end in time"],
  ])("is tried again when the program %s", async (what, script, problem) => {
    const path = script.startsWith("/") ? script : await program(what.replace(" ", "-"), script);
    await expect(send(path, 300)).rejects.toMatchObject({
      code: "anchor.unreachable",
      message: expect.stringContaining(problem),
    });
  });

  it.each(["a@b", "first.last+tag@mail.example.com"])("%s is an address", (text) => {
    expect(isMailAddress(text)).toBe(true);
  });
  it.each(["-oQ/tmp@x", "a@b\nBcc: c@d", "a@b, c@d", "a b@c", "a", "@b", "<a@b>", `${"a".repeat(260)}@b`])(
    "%j is none",
    (text) => {
      expect(isMailAddress(text)).toBe(false);
    },
  );
});
