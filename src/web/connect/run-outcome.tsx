import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";

import type { SyncRun } from "../client/index.ts";
import { ErrorBox, Notice } from "../ui/index.ts";

/** How a sync ended: what happened, what it means for the data, what to do. Nothing while it runs. */
export function RunOutcome({ run, connection, children }: { run: SyncRun; connection: string; children?: ReactNode }) {
  if (run.exit === null) return null;
  if (run.exit === 0) return <Notice kind="good">{children ?? "Everything that was to be read was read."}</Notice>;
  if (run.exit === 4) {
    return (
      <>
        <ErrorBox
          what={run.problem ?? "Anthropic refused the key while it was being used."}
          means="What was read until then is kept and stays correct. Nothing new is read until the key is replaced."
          todo="Make a new Admin key in the Claude Console (Settings, Admin keys) and put it in the place of the old one."
        />
        <div>
          <Button component={Link} href={`/connections?replace=${encodeURIComponent(connection)}`}>
            Replace the key of {connection}
          </Button>
        </div>
      </>
    );
  }
  if (run.exit === 3) {
    return (
      <Notice kind="partial">
        Some streams could not be read to the end. {run.problem} What is missing is left out, not counted as zero; the
        next sync goes on where this one stopped.
      </Notice>
    );
  }
  return (
    <ErrorBox
      what={run.problem ?? "The sync ended early."}
      means="What was read until then is kept."
      todo="Sync again. If it happens again, look into the log of the server."
    />
  );
}
