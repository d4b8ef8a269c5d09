import { Button, Radio } from "@mantine/core";
import { useState, type FormEvent } from "react";

import { yesterday } from "../client/index.ts";
import { addDays, formatDay } from "../format/index.ts";
import { ErrorBox } from "../ui/index.ts";

const CHOICES = [
  { value: "90", label: "90 days", says: "Enough for a first look, in about a minute." },
  { value: "180", label: "180 days", says: "For comparing quarters." },
  { value: "all", label: "All there is", says: "As far back as each stream gives. It may take a while." },
] as const;

/** How much of the past is read. Newest days come first whatever is chosen. */
export function BackfillChoice({ onStart }: { onStart: (from: string) => Promise<void> }) {
  const [chosen, setChosen] = useState<string>("90");
  const [busy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setThrown(null);
    try {
      await onStart(firstDayOf(chosen));
    } catch (failure) {
      setThrown(failure);
      setBusy(false);
    }
  };
  return (
    <form className="key-form" onSubmit={(event) => void submit(event)}>
      <Radio.Group
        label="How much of the past do you want?"
        description="The newest days come first, so charts fill at once. More can be read later, from the connection."
        value={chosen}
        onChange={setChosen}
      >
        <div className="choices">
          {CHOICES.map(({ value, label, says }) => (
            <Radio
              key={value}
              value={value}
              label={value === "all" ? label : `${label}, from ${formatDay(firstDayOf(value))}`}
              description={says}
            />
          ))}
        </div>
      </Radio.Group>
      {thrown !== null && <ErrorBox thrown={thrown} means="Nothing was read yet; the key is kept." />}
      <div>
        <Button type="submit" loading={busy}>
          Start back-fill
        </Button>
      </div>
    </form>
  );
}

function firstDayOf(choice: string): string {
  return choice === "all" ? "all" : addDays(yesterday(), 1 - Number(choice));
}
