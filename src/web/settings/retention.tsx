import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";

import { useAnswer, useOrder, type Output } from "../client/index.ts";
import { formatDay, formatInstant } from "../format/index.ts";
import { Card, DataTable, ErrorBox, Notice, Skeleton, type DataColumn } from "../ui/index.ts";
import "./settings.css";

type Preview = Output<"previewRetention">;

/** How long records say whose they are: first what it would do, and then, in a second step, that it is done. */
export function Retention() {
  const [draft, setDraft] = useState<string | null>(null);
  const [asked, setAsked] = useState<number | null>(null);
  const now = useAnswer("previewRetention", {});
  const wanted = useAnswer("previewRetention", asked === null ? null : { identityDays: asked });
  const change = useOrder("changeSettings");
  const { data } = now;
  const preview = asked !== null && wanted.data?.identityDays === asked ? wanted.data : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.reset();
    setAsked(Number(draft ?? data?.identityDays ?? Number.NaN));
  };
  const decide = (identityDays: number | null) =>
    change.mutate(
      { settings: { "retention.identityDays": identityDays } },
      {
        onSuccess: () => {
          setAsked(null);
          setDraft(null);
        },
      },
    );
  return (
    <Card
      title="Retention"
      sentence="How long records of usage say whose they are. Afterwards a pseudonym stands for each person, and every sum stays."
    >
      {now.isError && <ErrorBox thrown={now.error} onRetry={() => void now.refetch()} />}
      {data === undefined ? (
        !now.isError && <Skeleton height={160} />
      ) : (
        <form className="setting-form" onSubmit={submit}>
          <p>{standing(data)}</p>
          {data.heldBack !== null && <Notice kind="partial">{data.heldBack}</Notice>}
          <TextInput
            label="Days that identities are kept"
            description="92 or more: until then Anthropic may still restate a day."
            value={draft ?? String(data.identityDays ?? "")}
            onChange={(event) => {
              setDraft(event.currentTarget.value);
              setAsked(null);
            }}
            inputMode="numeric"
            autoComplete="off"
            placeholder="for ever"
          />
          <div className="setting-save">
            <Button type="submit" variant="default" loading={wanted.isFetching} disabled={!isCount(draft, data)}>
              See what it would do
            </Button>
            {data.identityDays !== null && (
              <Button variant="subtle" loading={change.isPending} onClick={() => decide(null)}>
                Keep for ever from now on
              </Button>
            )}
            <span className="small quiet" role="status">
              {change.isSuccess ? "Saved." : ""}
            </span>
          </div>
          {wanted.isError && asked !== null && <ErrorBox thrown={wanted.error} means="Nothing was changed." />}
          {change.isError && <ErrorBox thrown={change.error} means="Nothing was changed." />}
          {preview !== undefined && asked !== null && (
            <>
              <What preview={preview} />
              <div className="setting-save">
                <Button color="red" loading={change.isPending} onClick={() => decide(asked)}>
                  Keep identities for {asked} days
                </Button>
              </div>
            </>
          )}
        </form>
      )}
    </Card>
  );
}

function What({ preview: { before, records, people, changes } }: { preview: Preview }) {
  return (
    <>
      <Notice kind="partial">
        {records.length === 0
          ? `No record is that old yet. After each sync those before the day that is then so long ago follow.`
          : `After the next sync ${people} ${people === 1 ? "identity goes" : "identities go"} from all records before ${formatDay(before ?? "")}. This cannot be undone.`}
      </Notice>
      {records.length > 0 && (
        <DataTable
          label="Records that would lose their names"
          rows={records}
          columns={COLUMNS}
          rowKey={(row) => row.stream}
        />
      )}
      <ul className="small">
        {changes.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </>
  );
}

const COLUMNS: readonly DataColumn<Preview["records"][number]>[] = [
  { id: "title", title: "Report", value: ({ title }) => title },
  { id: "records", title: "Records", unit: "count", value: ({ records }) => records },
  { id: "from", title: "First day", value: ({ from }) => from, cell: ({ from }) => formatDay(from) },
  { id: "to", title: "Last day", value: ({ to }) => to, cell: ({ to }) => formatDay(to) },
];

function standing({ identityDays, done }: Preview): string {
  const kept =
    identityDays === null ? "Identities are kept for ever." : `Identities are kept for ${identityDays} days.`;
  if (done === null) return kept;
  return `${kept} Days before ${formatDay(done.before)} stand under pseudonyms since ${formatInstant(done.at)}.`;
}

function isCount(draft: string | null, { identityDays }: Preview): boolean {
  return draft !== null && /^\d{1,4}$/.test(draft.trim()) && Number(draft) !== identityDays;
}
