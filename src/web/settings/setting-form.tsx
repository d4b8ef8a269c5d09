import { Button, NativeSelect, Radio, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";

import { useAnswer, useOrder, type Output } from "../client/index.ts";
import { Card, ErrorBox, Skeleton } from "../ui/index.ts";
import "./settings.css";

type Settings = Output<"getSettings">["settings"];
type Name = keyof Settings;

/** How one setting is asked for. What it does is said by the server. */
export type Field = {
  readonly name: Name;
  readonly label: string;
  readonly placeholder?: string;
} & (
  | { readonly as: "choice" | "radio"; readonly choices: readonly Choice[] }
  | { readonly as: "number" | "text" | "money" }
  /** Several values, one a line; or one that has several lines. */
  | { readonly as: "lines" | "block" }
);

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly says?: string;
}

/** What a chosen nothing is written as in a field. */
const NOTHING = "";

/** Some of the tenant's settings, changed together. */
export function SettingForm({
  title,
  sentence,
  fields,
}: {
  title: string;
  sentence?: string;
  fields: readonly Field[];
}) {
  const asked = useAnswer("getSettings", {});
  const { data } = asked;
  return (
    <Card title={title} {...(sentence === undefined ? {} : { sentence })}>
      {asked.isError ? (
        <ErrorBox thrown={asked.error} onRetry={() => void asked.refetch()} />
      ) : data === undefined ? (
        <Skeleton height={140} />
      ) : (
        // Drawn anew with what was saved.
        <Fields
          key={JSON.stringify(fields.map(({ name }) => data.settings[name]))}
          fields={fields}
          settings={data.settings}
          says={(name) => data.described.find((one) => one.name === name)}
        />
      )}
    </Card>
  );
}

function Fields({
  fields,
  settings,
  says,
}: {
  fields: readonly Field[];
  settings: Settings;
  says: (name: Name) => Output<"getSettings">["described"][number] | undefined;
}) {
  const change = useOrder("changeSettings");
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({});
  const held = (name: Name) => textOf(settings[name]);
  const changed = fields.filter(({ name }) => drafts[name] !== undefined && drafts[name] !== held(name));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The server reads every value by the setting's own schema.
    const wanted = Object.fromEntries(
      changed.map((field) => [field.name, valueOf(field, drafts[field.name] ?? NOTHING)]),
    );
    change.mutate({ settings: wanted });
  };
  return (
    <form className="setting-form" onSubmit={submit}>
      {fields.map((field) => {
        const described = says(field.name);
        const about = `${described?.says ?? ""}${described?.isDefault === false ? " Changed from the default." : ""}`;
        const value = drafts[field.name] ?? held(field.name);
        const set = (next: string) => setDrafts((before) => ({ ...before, [field.name]: next }));
        if (field.as === "radio") {
          return (
            <Radio.Group key={field.name} label={field.label} description={about} value={value} onChange={set}>
              <div className="setting-choices">
                {field.choices.map((choice) => (
                  <Radio key={choice.value} value={choice.value} label={choice.label} description={choice.says} />
                ))}
              </div>
            </Radio.Group>
          );
        }
        if (field.as === "choice") {
          return (
            <NativeSelect
              key={field.name}
              label={field.label}
              description={about}
              value={value}
              onChange={(event) => set(event.currentTarget.value)}
              data={field.choices.map((choice) => ({ value: choice.value, label: choice.label }))}
            />
          );
        }
        if (field.as === "lines" || field.as === "block") {
          return (
            <Textarea
              key={field.name}
              label={field.label}
              description={about}
              value={value}
              onChange={(event) => set(event.currentTarget.value)}
              autosize
              minRows={2}
              maxRows={8}
              spellCheck={false}
              placeholder={field.placeholder ?? ""}
            />
          );
        }
        return (
          <TextInput
            key={field.name}
            label={field.label}
            description={about}
            value={value}
            onChange={(event) => set(event.currentTarget.value)}
            inputMode={field.as === "text" ? "text" : field.as === "money" ? "decimal" : "numeric"}
            autoComplete="off"
            placeholder={field.placeholder ?? ""}
          />
        );
      })}
      {change.isError && <ErrorBox thrown={change.error} means="Nothing was changed." />}
      <div className="setting-save">
        <Button type="submit" disabled={changed.length === 0} loading={change.isPending}>
          Save
        </Button>
        <span className="small quiet" role="status">
          {change.isSuccess && changed.length === 0 ? "Saved. Figures follow it from now on." : ""}
        </span>
      </div>
    </form>
  );
}

function textOf(value: Settings[Name]): string {
  return Array.isArray(value) ? value.join("\n") : String(value ?? NOTHING);
}

/** What cannot be read as a number goes as it was written: the server says what is wrong with it. */
function valueOf(field: Field, text: string): string | number | null | string[] {
  const written = text.trim();
  if (field.as === "lines") return written.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  if (written === NOTHING) return null;
  const isNumber = field.as === "number" || (field.as === "choice" && field.name === "idleDays");
  return isNumber && /^\d+$/.test(written) ? Number(written) : written;
}
