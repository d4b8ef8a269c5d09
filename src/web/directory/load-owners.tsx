import { Button, FileButton, Group, Textarea } from "@mantine/core";
import { useState } from "react";

import { useOrder } from "../client/index.ts";
import { exact } from "../format/index.ts";
import { ErrorBox, Notice } from "../ui/index.ts";
import { Dialog } from "../ui/dialog.tsx";

const EXAMPLE = "actor,person,service\nkey:ci-bot,,Continuous integration\napikey_01ABC…,ada@example.com,";

/** Takes a file that says who owns which key. */
export function LoadOwners({ onClose }: { onClose: () => void }) {
  const order = useOrder("loadKeyOwners");
  const [csv, setCsv] = useState("");
  const { data: done } = order;
  return (
    <Dialog onClose={onClose} title="Load owners of keys" size="lg">
      {done === undefined ? (
        <div className="owner-form">
          <p>
            A CSV file with one key a line: <code>actor</code>, and either <code>person</code> (an e-mail of the list of
            people) or <code>service</code>. Owners of keys that it does not name stay.
          </p>
          <Textarea
            label="The file"
            placeholder={EXAMPLE}
            rows={8}
            value={csv}
            onChange={(event) => setCsv(event.currentTarget.value)}
          />
          {order.isError && <ErrorBox thrown={order.error} means="Nothing was changed." />}
          <Group justify="space-between" gap={8}>
            <FileButton
              accept="text/csv,.csv"
              onChange={(file) => {
                if (file !== null) void file.text().then(setCsv);
              }}
            >
              {(props) => (
                <Button {...props} variant="default">
                  Choose a file
                </Button>
              )}
            </FileButton>
            <Group gap={8}>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button loading={order.isPending} disabled={csv.trim() === ""} onClick={() => order.mutate({ csv })}>
                Load owners
              </Button>
            </Group>
          </Group>
        </div>
      ) : (
        <div className="owner-form">
          <Notice kind="good">
            {exact(done.owners, "count")} {done.owners === 1 ? "key has" : "keys have"} the owner that the file says:{" "}
            {exact(done.persons, "count")} of persons, {exact(done.services, "count")} of services.
          </Notice>
          {done.unknown.length > 0 && (
            <Notice kind="partial">
              No record names {done.unknown.slice(0, 5).join(", ")}
              {done.unknown.length > 5 ? ` and ${done.unknown.length - 5} more` : ""} so far. Their owner is kept for
              when one does; look for a misspelt name.
            </Notice>
          )}
          <Group justify="flex-end">
            <Button onClick={onClose}>Close</Button>
          </Group>
        </div>
      )}
    </Dialog>
  );
}
