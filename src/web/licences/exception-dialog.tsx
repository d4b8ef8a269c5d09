import { Button, TextInput } from "@mantine/core";
import { useState } from "react";

import { useOrder } from "../client/index.ts";
import { DayField } from "../ui/day-field.tsx";
import { ErrorBox } from "../ui/index.ts";
import type { LicencePerson } from "./licence-table.tsx";
import { Dialog } from "../ui/dialog.tsx";

const REASONS = ["On leave", "Starts later", "Uses it elsewhere", "Agreed with the manager"];

/** Protects somebody's licence from being recommended for removal, or ends the protection. */
export function ExceptionDialog({ person, onClose }: { person: LicencePerson; onClose: () => void }) {
  const { protected: kept } = person;
  const [reason, setReason] = useState(kept?.reason ?? "");
  const [until, setUntil] = useState(kept?.until ?? null);
  const order = useOrder("setLicenceException");
  const give = async (reason: string | null) => {
    const who = person.personId ?? person.person;
    try {
      await order.mutateAsync({ person: who, reason, until: reason === null ? null : until });
      onClose();
    } catch {
      // Shown below: the dialog stays open.
    }
  };
  return (
    <Dialog
      onClose={onClose}
      title={kept === null ? `Protect the licence of ${person.name}` : `Protection of ${person.name}`}
    >
      <form
        className="roster-form"
        onSubmit={(event) => {
          event.preventDefault();
          void give(reason.trim());
        }}
      >
        <p>
          A protected licence is not counted as reclaimable, however long it lies unused. The reason is shown to those
          who see people and is not written into the ledger: do not give details of health.
        </p>
        <TextInput
          label="Reason"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={200}
          required
          list="licence-reasons"
          data-autofocus
        />
        <datalist id="licence-reasons">
          {REASONS.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <DayField
          label="Until"
          description="The last day. Without one, until somebody ends it."
          day={until}
          onChange={setUntil}
          clearable
        />
        {order.isError && <ErrorBox thrown={order.error} means="Nothing was changed." />}
        <div className="dialog-buttons">
          {kept !== null && (
            <Button variant="default" loading={order.isPending} onClick={() => void give(null)}>
              End the protection
            </Button>
          )}
          <Button type="submit" loading={order.isPending} disabled={reason.trim() === ""}>
            {kept === null ? "Protect" : "Save"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
