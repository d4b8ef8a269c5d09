import { Button, Checkbox, PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type FormEvent } from "react";

import { chosenTenant, order, textIn, type Output } from "../client/index.ts";
import { ErrorBox } from "../ui/index.ts";
import "./connect.css";

interface KeyFormProps {
  /** The connection whose key is replaced; absent: a new one, whose name is asked. */
  readonly connection?: string;
  /** What a new one is called unless somebody writes another name. */
  readonly suggestion?: string;
  readonly verb: string;
  readonly onConnected: (found: Output<"connect">) => void;
}

/**
 * Takes a key and has the server prove it. The key stands in the field alone: in no state, no cache and no history, and
 * not even there once the server has answered.
 */
export function KeyForm({ connection, suggestion = "main", verb, onConnected }: KeyFormProps) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const field = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = connection ?? textIn(form, "name").trim();
    setBusy(true);
    setThrown(null);
    try {
      // Past the cache of orders, which would remember what was sent.
      const found = await order(
        "connect",
        {
          name,
          key: textIn(form, "key").trim(),
          ...(form.get("personal") === "on" ? { kind: "personal" as const } : {}),
        },
        { tenant: chosenTenant() },
      );
      await queries.invalidateQueries({ queryKey: [chosenTenant()] });
      onConnected(found);
    } catch (failure) {
      setThrown(failure);
      field.current?.focus();
    } finally {
      if (field.current !== null) field.current.value = "";
      setBusy(false);
    }
  };

  return (
    <form className="key-form" onSubmit={(event) => void submit(event)} autoComplete="off">
      {connection === undefined && (
        <TextInput
          name="name"
          label="Name of the connection"
          description="How you tell it from others: letters, digits, dots and dashes."
          defaultValue={suggestion}
          maxLength={63}
          required
          autoComplete="off"
        />
      )}
      <PasswordInput
        ref={field}
        name="key"
        label="Admin key"
        description="Begins with sk-ant-admin. It goes to this server, is tried, and is sealed there; the browser does not keep it."
        placeholder="sk-ant-admin…"
        required
        autoFocus
        autoComplete="off"
        spellCheck={false}
        data-1p-ignore
        data-lpignore="true"
      />
      <Checkbox
        name="personal"
        label="It is a personal or service-account key, bound to no workspace"
        description="Such a key begins with sk-ant-api03, as keys for calling models do."
      />
      {thrown !== null && <ErrorBox thrown={thrown} means="The key was not kept, and nothing was changed." />}
      <div>
        <Button type="submit" loading={busy}>
          {verb}
        </Button>
      </div>
    </form>
  );
}
