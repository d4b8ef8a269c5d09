import { Button } from "@mantine/core";
import { useState } from "react";

import type { Output } from "../client/index.ts";
import { Notice } from "../ui/index.ts";
import { Checklist, checklistLine } from "./checklist.tsx";
import { KeyForm } from "./key-form.tsx";
import { Dialog } from "../ui/dialog.tsx";

interface ReplaceKeyDialogProps {
  readonly connection: string;
  readonly organization: string;
  /** What comes next: reading what was missed. */
  readonly onSync: () => Promise<void>;
  readonly onClose: () => void;
}

/** Puts a new key in the place of the old one. Only one of the same organization is taken. */
export function ReplaceKeyDialog({ connection, organization, onSync, onClose }: ReplaceKeyDialogProps) {
  const [found, setFound] = useState<Output<"connect"> | null>(null);
  return (
    <Dialog onClose={onClose} size="lg" title={`Replace the key of ${connection}`}>
      {found === null ? (
        <>
          <p className="dialog-text">
            The new key must belong to {organization}. It is tried first; the old one stays until the new one works.
          </p>
          <KeyForm connection={connection} verb="Replace key" onConnected={setFound} />
        </>
      ) : (
        <div className="connection-card">
          <Notice kind="good">The key was replaced. {checklistLine(found)}</Notice>
          <Checklist found={found} />
          <div className="connection-actions">
            <Button onClick={() => void onSync().finally(onClose)}>Sync now</Button>
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
