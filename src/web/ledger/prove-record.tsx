import { Button, NumberInput, Select, TextInput } from "@mantine/core";
import { useMemo, useState, type FormEvent } from "react";
import { useSearchParams } from "wouter";

import { useAnswer, useMe, type Output } from "../client/index.ts";
import { formatInstant, isDay } from "../format/index.ts";
import { Card, DataTable, Empty, ErrorBox, Notice, type DataColumn } from "../ui/index.ts";
import { ProofView } from "./proof-view.tsx";
import "./ledger.css";

type Found = Output<"findRecords">["rows"][number];

/** Finds a record and shows its proof. What is looked for stands in the address. */
export function ProveRecord() {
  const { me } = useMe();
  const isNamed = me?.privacyMode === "named";
  const [params, setParams] = useSearchParams();
  const status = useAnswer("status", {});
  const [stream, text, day, leaf] = ["stream", "text", "day", "leaf"].map((name) => params.get(name) ?? "");
  const question = {
    ...(stream ? { stream } : {}),
    ...(isNamed && text ? { text } : {}),
    ...(isNamed && day ? { day } : {}),
    limit: 50,
  };
  const found = useAnswer("findRecords", me === undefined ? null : question);
  const index = leaf && /^\d{1,15}$/.test(leaf) ? Number(leaf) : null;
  const titles = useMemo(() => titlesOf(status.data), [status.data]);
  const columns = useMemo(() => columnsOf(titles, found.data?.keysHidden ?? false), [titles, found.data?.keysHidden]);
  const set = (next: Readonly<Record<string, string>>) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      for (const [name, value] of Object.entries(next)) {
        if (value === "") after.delete(name);
        else after.set(name, value);
      }
      return after;
    });

  return (
    <div className="ledger-stack">
      {index !== null && <ProofView index={index} onClose={() => set({ leaf: "" })} />}
      <Card
        title="Find a record"
        sentence="The latest recorded come first. Choose one to see what was recorded, when, and the hashes that tie it to the signature."
      >
        <Search
          key={`${stream} ${text} ${day}`}
          titles={titles}
          isNamed={isNamed}
          asked={{ stream: stream ?? "", text: text ?? "", day: day ?? "" }}
          onSearch={(next) => set({ ...next, leaf: "" })}
        />
        {found.isError ? (
          <ErrorBox thrown={found.error} onRetry={() => void found.refetch()} />
        ) : (
          <>
            {found.data?.keysHidden === true && (
              <Notice kind="note">
                Whom a record is about is hidden from you, and so is its day. A proof shows you that something was
                recorded, not what.
              </Notice>
            )}
            <DataTable
              label="Records"
              rows={found.data?.rows}
              columns={columns}
              rowKey={({ index }) => String(index)}
              onPick={({ index }) => set({ leaf: String(index) })}
              pageSize={25}
              dimmed={found.isPlaceholderData}
              empty={<Empty why="No record is like this. Look for a part of its key: an id, an e-mail, a model." />}
            />
            {found.data?.next != null && (
              <p className="small quiet">Older ones are there too: narrow the search by stream, word or day.</p>
            )}
          </>
        )}
      </Card>
      <LeafCard onAsk={(index) => set({ leaf: String(index) })} />
    </div>
  );
}

interface Asked {
  readonly stream: string;
  readonly text: string;
  readonly day: string;
}

function Search({
  titles,
  isNamed,
  asked,
  onSearch,
}: {
  titles: ReadonlyMap<string, string>;
  isNamed: boolean;
  asked: Asked;
  onSearch: (next: Readonly<Record<keyof Asked, string>>) => void;
}) {
  const [stream, setStream] = useState(asked.stream);
  const [text, setText] = useState(asked.text);
  const [day, setDay] = useState(asked.day);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isDayOrNone(day.trim())) onSearch({ stream, text: text.trim(), day: day.trim() });
  };
  return (
    <form className="ledger-search no-print" onSubmit={submit} role="search" aria-label="Records">
      <Select
        label="Stream"
        placeholder="All streams"
        clearable
        searchable
        value={stream === "" ? null : stream}
        onChange={(next) => setStream(next ?? "")}
        data={[...titles].map(([value, label]) => ({ value, label }))}
      />
      {isNamed && (
        <>
          <TextInput
            label="Part of its key"
            placeholder="An id, an e-mail, a model"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <TextInput
            label="Day"
            placeholder="2026-11-20"
            value={day}
            onChange={(event) => setDay(event.currentTarget.value)}
            error={isDayOrNone(day.trim()) ? null : "As 2026-11-20"}
            inputMode="numeric"
          />
        </>
      )}
      <Button type="submit">Find records</Button>
    </form>
  );
}

function isDayOrNone(text: string): boolean {
  return text === "" || isDay(text);
}

function LeafCard({ onAsk }: { onAsk: (index: number) => void }) {
  const [index, setIndex] = useState<number | string>("");
  return (
    <Card title="Or name a leaf" sentence="A proof, an export and the audit trail name leaves by their number.">
      <form
        className="ledger-search no-print"
        onSubmit={(event) => {
          event.preventDefault();
          if (typeof index === "number") onAsk(index);
        }}
      >
        <NumberInput
          label="Leaf"
          placeholder="0"
          min={0}
          allowDecimal={false}
          hideControls
          value={index}
          onChange={setIndex}
        />
        <Button type="submit" variant="default" disabled={typeof index !== "number"}>
          Show its proof
        </Button>
      </form>
    </Card>
  );
}

function titlesOf(status: Output<"status"> | undefined): ReadonlyMap<string, string> {
  const streams = status?.connections.flatMap(({ streams }) => streams) ?? [];
  return new Map(streams.map(({ stream, title }) => [stream, title]));
}

function columnsOf(titles: ReadonlyMap<string, string>, hidden: boolean): DataColumn<Found>[] {
  const index: DataColumn<Found> = { id: "index", title: "Leaf", value: ({ index }) => `${index}` };
  const rest: DataColumn<Found>[] = [
    { id: "stream", title: "Stream", value: ({ stream }) => titles.get(stream) ?? stream },
    {
      id: "version",
      title: "Version",
      value: ({ version, isCurrent, isGone }) =>
        `${version}${isGone ? ", no longer returned" : isCurrent ? ", current" : ", superseded"}`,
    },
    {
      id: "recordedAt",
      title: "Recorded",
      value: ({ recordedAt }) => recordedAt,
      cell: ({ recordedAt }) => <span className="day">{formatInstant(recordedAt)}</span>,
    },
  ];
  if (hidden) return [index, ...rest];
  return [
    index,
    {
      id: "key",
      title: "Key",
      value: ({ key }) => keyText(key),
      cell: ({ key }) => (
        <bdi className="ledger-key" title={keyText(key)}>
          {keyText(key)}
        </bdi>
      ),
    },
    { id: "day", title: "Day", value: ({ day }) => day, reason: () => "A list has no day." },
    ...rest,
  ];
}

function keyText(key: Found["key"]): string {
  const parts = (key ?? []).filter((part) => part !== null);
  if (parts.length === 0) return "the organization itself";
  return parts.join(" · ");
}
