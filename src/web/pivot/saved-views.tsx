import { Button, Checkbox, Group, Menu, TextInput } from "@mantine/core";
import { Bookmark, BookmarkPlus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLocation, useSearch } from "wouter";

import { useAnswer, useOrder, type Output } from "../client/index.ts";
import { ConfirmDialog, ErrorBox } from "../ui/index.ts";
import { Dialog } from "../ui/dialog.tsx";

type View = Output<"listViews">["views"][number];

/** The views of a page under names: open, keep, change and delete them. The open one stands in the address. */
export function SavedViews({ page }: { page: string }) {
  const search = useSearch();
  const [, go] = useLocation();
  const { data } = useAnswer("listViews", { page });
  const save = useOrder("saveView");
  const remove = useOrder("deleteView");
  const [naming, setNaming] = useState(false);
  const [deleting, setDeleting] = useState<View | null>(null);

  const views = data?.views ?? [];
  const query = withoutView(search);
  const opened = views.find(({ id }) => id === new URLSearchParams(search).get("view"));
  const isChanged = opened !== undefined && opened.query !== query;
  const open = ({ id, query }: Pick<View, "id" | "query">) => {
    const params = new URLSearchParams(query);
    params.set("view", id);
    go(`${page}?${params.toString()}`);
  };

  return (
    <Group gap={8}>
      {isChanged && opened.own && (
        <Button
          size="xs"
          variant="default"
          loading={save.isPending}
          onClick={() => save.mutate({ id: opened.id, name: opened.name, page, query, shared: opened.shared })}
        >
          Save changes
        </Button>
      )}
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<Bookmark size={14} aria-hidden />}>
            <bdi className="view-name">{opened?.name ?? "Views"}</bdi>
            {isChanged && <span className="quiet">&nbsp;(changed)</span>}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length === 0 && <Menu.Label>No view is saved yet.</Menu.Label>}
          {views.map((view) => (
            <Menu.Item key={view.id} onClick={() => open(view)} aria-current={view.id === opened?.id || undefined}>
              <bdi className="view-name">{view.name}</bdi>
              <span className="quiet small">{view.own ? (view.shared ? " shared" : "") : ` by ${view.madeBy}`}</span>
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<BookmarkPlus size={14} aria-hidden />} onClick={() => setNaming(true)}>
            Save this view
          </Menu.Item>
          {opened?.own === true && (
            <Menu.Item leftSection={<Trash2 size={14} aria-hidden />} onClick={() => setDeleting(opened)}>
              Delete “{opened.name}”
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {save.isError && !naming && <ErrorBox thrown={save.error} means="The view is as it was." />}
      <SaveDialog
        key={naming ? "open" : "closed"}
        opened={naming}
        busy={save.isPending}
        problem={save.error}
        onClose={() => {
          setNaming(false);
          save.reset();
        }}
        onSave={async (name, shared) => {
          const view = await save.mutateAsync({ name, page, query, shared });
          setNaming(false);
          open(view);
        }}
      />
      <ConfirmDialog
        opened={deleting !== null}
        title={`Delete view ${deleting?.name ?? ""}`}
        verb="Delete"
        harmful
        onClose={() => setDeleting(null)}
        onConfirm={async () => {
          if (deleting === null) return;
          await remove.mutateAsync({ id: deleting.id });
          go(`${page}?${query}`);
        }}
      >
        <p>
          The view is forgotten{deleting?.shared === true ? ", for everybody it was shared with" : ""}. Figures stay.
        </p>
      </ConfirmDialog>
    </Group>
  );
}

function SaveDialog({
  opened,
  busy,
  problem,
  onClose,
  onSave,
}: {
  opened: boolean;
  busy: boolean;
  problem: unknown;
  onClose: () => void;
  onSave: (name: string, shared: boolean) => Promise<void>;
}) {
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  return (
    <Dialog opened={opened} onClose={onClose} title="Save this view">
      <form
        className="dialog-text"
        onSubmit={(event) => {
          event.preventDefault();
          // What goes wrong is shown from the order itself.
          onSave(name.trim(), shared).catch(() => undefined);
        }}
      >
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={80}
          required
          data-autofocus
        />
        <Checkbox
          label="Everybody of this tenant sees it"
          checked={shared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        <p className="small quiet">
          The metric, the split and all filters are kept; ranges such as “last 30 days” move on.
        </p>
        {problem != null && <ErrorBox thrown={problem} means="Nothing was saved." />}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={name.trim() === ""}>
            Save
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}

function withoutView(search: string): string {
  const params = new URLSearchParams(search);
  params.delete("view");
  return params.toString();
}
