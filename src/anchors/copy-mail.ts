import { spawn } from "node:child_process";

import { Failure } from "../domain/index.ts";
import type { AnchorPost, Frozen } from "./way.ts";

export interface MailSetting {
  /** A sendmail program of this machine, which queues, signs and delivers; its path is the operator's to say. */
  readonly program: string;
  readonly to: string;
  readonly timeoutMs: number;
}

/**
 * A mailbox. The message is handed to the machine's own mail program, so that no password of a mail server is kept here
 * and delivery is tried for days by what was made for it.
 */
export function copyByMail(setting: MailSetting): AnchorPost {
  return {
    kind: "copy",
    target: "mail",
    async hand(frozen) {
      await send(setting, messageOf(setting.to, frozen));
      return { state: "copied", proof: null, facts: { to: "mail" } };
    },
  };
}

/** Of visible ASCII, so that nothing in it could be read as a header or as another receiver. */
export function isMailAddress(text: string): boolean {
  return (
    text.length <= 254 && /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]*@[A-Za-z0-9.-]+$/.test(text)
  );
}

function messageOf(to: string, { origin, size, note }: Frozen): string {
  return [
    `To: <${to}>`,
    `Subject: Checkpoint of ${origin} at ${size} leaves`,
    "Auto-Submitted: auto-generated",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    "Keep this message. The lines between the dashes are a signed checkpoint of the ledger: written to a file, it is what",
    "`bursar verify --checkpoint FILE` and the guide to verifying by hand take. A history that was rewritten since will",
    "not continue it.",
    "",
    "-----",
    note.trimEnd(),
    "-----",
    "",
  ].join("\n");
}

function send({ program, to, timeoutMs }: MailSetting, message: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (problem: string) => reject(new Failure("anchor.unreachable", { host: program, problem }));
    const child = spawn(program, ["-i", "--", to], { stdio: ["pipe", "ignore", "ignore"], timeout: timeoutMs });
    child.on("error", (error: NodeJS.ErrnoException) => refuse(error.code ?? error.message));
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else refuse(signal === null ? `it ended with ${code}` : "it did not end in time");
    });
    // One that ends without reading has told so by its exit.
    child.stdin.on("error", () => {});
    child.stdin.end(message);
  });
}
