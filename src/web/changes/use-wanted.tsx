import { useState, type ReactNode } from "react";

import { deferred, type DataColumn } from "../ui/index.ts";
import type { Wanted } from "./actions.ts";
import type { RowAction } from "./row-actions.tsx";
import { useWrites } from "./use-writes.ts";

// Most who look at a list change nothing: what does is sent for when it is first needed.
const ChangeDialog = deferred(async () => (await import("./change-dialog.tsx")).ChangeDialog);
const RowActions = deferred(async () => (await import("./row-actions.tsx")).RowActions);

/** What a list needs to know to offer changes. */
export interface Offering {
  /** Whether changes are offered to whoever looks. */
  readonly isOffered: boolean;
  readonly want: (wanted: Wanted) => void;
}

interface Wanting extends Offering {
  /** Draw it once, anywhere on the page. */
  readonly dialog: ReactNode;
}

/** Offers changes on a page, and asks about the one that was chosen. */
export function useWanted(): Wanting {
  const { isOffered } = useWrites();
  const [wanted, setWanted] = useState<Wanted | null>(null);
  return {
    isOffered,
    want: setWanted,
    dialog: wanted === null ? null : <ChangeDialog wanted={wanted} onClose={() => setWanted(null)} />,
  };
}

/** The last column of a list whose rows can be changed; none where nothing can be. */
export function actionColumn<Row>(
  { isOffered, want }: Offering,
  nameOf: (row: Row) => string,
  actionsOf: (row: Row) => readonly RowAction[],
): DataColumn<Row>[] {
  if (!isOffered) return [];
  return [
    {
      id: "change",
      title: "",
      value: () => null,
      cell: (row) => <RowActions name={nameOf(row)} actions={actionsOf(row)} onChoose={want} />,
    },
  ];
}
