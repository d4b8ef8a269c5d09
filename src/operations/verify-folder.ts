import { access, constants } from "node:fs/promises";
import { availableParallelism } from "node:os";

import { Failure } from "../domain/index.ts";
import { LedgerError, verifyExport, type VerifyOptions, type VerifyReport } from "../ledger/index.ts";

export interface Verified extends VerifyReport {
  readonly of: "folder" | "live";
  readonly rowsChecked: number | null;
}

/** Checks an export. Needs no data folder, no key of ours and no trust in whoever made it. */
export async function verifyFolder(
  dir: string,
  options: VerifyOptions,
  onStep?: (step: string) => void,
): Promise<Verified> {
  await refuseForbidden(dir);
  try {
    const progress = (leaves: number, size: number) => onStep?.(`leaf ${leaves} of ${size}`);
    return {
      ...(await verifyExport(dir, { threads: availableParallelism(), ...options, progress })),
      of: "folder",
      rowsChecked: null,
    };
  } catch (thrown) {
    if (!(thrown instanceof LedgerError)) throw thrown;
    throw new Failure(
      "input.invalid",
      {
        field: "verify",
        problem: thrown.message,
        remedy: "Give the folder of a ledger export, a vkey, or the text of a checkpoint.",
      },
      { cause: thrown },
    );
  }
}

/** What may not be read is no evidence against anybody. */
async function refuseForbidden(dir: string): Promise<void> {
  try {
    await access(dir, constants.R_OK | constants.X_OK);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    if (code !== "EACCES" && code !== "EPERM") return;
    throw new Failure("input.folder_forbidden", { field: "verify", path: dir }, { cause });
  }
}
