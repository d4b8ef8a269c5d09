import type { z } from "zod";

// Types alone: nothing of the server is in the pages.
import type { catalog } from "../../operations/index.ts";

type Catalog = typeof catalog;
type OperationOf<Id extends OperationId> = Awaited<ReturnType<Catalog[Id]>>;

export type OperationId = keyof Catalog;
export type Input<Id extends OperationId> = z.input<OperationOf<Id>["input"]>;
export type Output<Id extends OperationId> = z.output<OperationOf<Id>["output"]>;
