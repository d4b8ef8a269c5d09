import { Button, FileButton, Textarea } from "@mantine/core";
import { FileUp } from "lucide-react";
import { useState } from "react";

import { now, useAnswer, useOrder, type Output } from "../client/index.ts";
import { dayOf } from "../format/index.ts";
import { download } from "../ui/csv.ts";
import { DayField } from "../ui/day-field.tsx";
import { ErrorBox, Notice } from "../ui/index.ts";
import { RosterChanges } from "./roster-changes.tsx";
import { Dialog } from "../ui/dialog.tsx";

/** A file to be loaded: as it was given, with the day from which its changes hold. */
interface Given {
  readonly csv: string;
  readonly from: string;
}

/** Loads a roster in two steps: the file, then what it would change. Nothing is changed before the second. */
export function RosterDialog({ onClose }: { onClose: () => void }) {
  const [given, setGiven] = useState<Given>({ csv: "", from: dayOf(now()) });
  const preview = useOrder("previewPeople");
  const load = useOrder("loadPeople");
  const shown = preview.data;
  return (
    <Dialog
      onClose={onClose}
      size="58rem"
      title={load.data ? "The roster is loaded" : shown ? "What this file would change" : "Load a roster"}
    >
      {load.data ? (
        <Done loaded={load.data} onClose={onClose} />
      ) : shown ? (
        <>
          <RosterChanges preview={shown} />
          {load.isError && <ErrorBox thrown={load.error} means="Nothing was changed." />}
          <div className="dialog-buttons">
            <Button
              variant="default"
              onClick={() => {
                preview.reset();
                load.reset();
              }}
            >
              Back to the file
            </Button>
            {shown.ok && (
              <Button disabled={changesOf(shown) === 0} loading={load.isPending} onClick={() => load.mutate(given)}>
                {changesOf(shown) === 0
                  ? "Nothing to change"
                  : `Make ${changesOf(shown)} ${changesOf(shown) === 1 ? "change" : "changes"}`}
              </Button>
            )}
          </div>
        </>
      ) : (
        <Choose
          given={given}
          onChange={setGiven}
          busy={preview.isPending}
          problem={preview.error}
          onPreview={() => preview.mutate(given)}
        />
      )}
    </Dialog>
  );
}

function Choose({
  given,
  onChange,
  busy,
  problem,
  onPreview,
}: {
  given: Given;
  onChange: (next: Given) => void;
  busy: boolean;
  problem: unknown;
  onPreview: () => void;
}) {
  const [name, setName] = useState<string | null>(null);
  const [unreadable, setUnreadable] = useState(false);
  const read = async (file: File | null) => {
    if (file === null) return;
    try {
      const csv = await file.text();
      setUnreadable(false);
      setName(file.name);
      onChange({ ...given, csv });
    } catch {
      setUnreadable(true);
    }
  };
  return (
    <form
      className="roster-form"
      onSubmit={(event) => {
        event.preventDefault();
        onPreview();
      }}
    >
      <p>
        A CSV file with a line for each person and a header that names its columns: <code>email</code>, and as many as
        you have of <code>name</code>, <code>team</code>, <code>cost_centre</code>, <code>manager</code>,{" "}
        <code>starts_on</code>, <code>ends_on</code>, <code>team_from</code>. Several addresses of one person stand in
        one cell, separated by semicolons.
      </p>
      <p className="quiet">
        The file is the whole list: who is not in it leaves the roster, and keeps their past. You will see every change
        before it is made.
      </p>
      <div className="people-tools">
        <FileButton onChange={(file) => void read(file)} accept=".csv,text/csv,text/plain">
          {(props) => (
            <Button {...props} variant="default" leftSection={<FileUp size={15} aria-hidden />}>
              Choose a file
            </Button>
          )}
        </FileButton>
        <span className="quiet">{name ?? "or paste it below"}</span>
        <span style={{ flex: 1 }} />
        <PresentRoster />
      </div>
      {unreadable && <ErrorBox what="The file cannot be read." means="Nothing was changed." todo="Choose it again." />}
      <Textarea
        label="People"
        description="As CSV"
        placeholder={"email,name,team\nada@example.com,Ada Nakamura,Platform"}
        value={given.csv}
        onChange={(event) => {
          setName(null);
          onChange({ ...given, csv: event.currentTarget.value });
        }}
        rows={8}
        spellCheck={false}
      />
      <DayField
        label="Changes of team hold from"
        description="Days before keep the team that a person was in then."
        day={given.from}
        onChange={(from) => onChange({ ...given, from: from ?? given.from })}
      />
      {problem !== null && <ErrorBox thrown={problem} means="Nothing was changed." />}
      <div className="dialog-buttons">
        <Button type="submit" loading={busy} disabled={given.csv.trim() === ""}>
          Preview the changes
        </Button>
      </div>
    </form>
  );
}

/** The list as it is, in the columns of the file: the safest thing to start from. */
function PresentRoster() {
  const [wanted, setWanted] = useState(false);
  const people = useAnswer("listPeople", wanted ? {} : null);
  const listed = people.data?.people.filter(({ inRoster }) => inRoster);
  if (people.isError)
    return <span className="small quiet">The present roster can be read by those who see people.</span>;
  return listed === undefined ? (
    <Button variant="subtle" color="gray" loading={people.isFetching} onClick={() => setWanted(true)}>
      Start from the present roster
    </Button>
  ) : (
    <Button
      variant="subtle"
      disabled={listed.length === 0}
      onClick={() =>
        download(
          {
            columns: ["email", "name", "team", "cost_centre", "manager", "starts_on", "ends_on"].map((label) => ({
              label,
            })),
            rows: listed.map((one) => [
              one.emails.join("; "),
              one.name,
              one.team,
              one.costCentre,
              one.manager,
              one.startsOn,
              one.endsOn,
            ]),
          },
          "roster",
        )
      }
    >
      {listed.length === 0 ? "The roster is empty" : `Download ${listed.length} people as CSV`}
    </Button>
  );
}

function Done({ loaded, onClose }: { loaded: Output<"loadPeople">; onClose: () => void }) {
  const { people, added, changed, removed, teams } = loaded;
  return (
    <>
      <Notice kind="good">
        {people} people in {teams} {teams === 1 ? "team" : "teams"}: {added} added, {changed} changed, {removed}{" "}
        removed. The change is recorded in the ledger, without names.
      </Notice>
      <div className="dialog-buttons">
        <Button onClick={onClose} data-autofocus>
          See the people
        </Button>
      </div>
    </>
  );
}

function changesOf({ counts }: Output<"previewPeople">): number {
  return counts.added + counts.changed + counts.removed;
}
